/**
 * The page that shows every component and topic, live.
 *
 * <p>The drawing itself follows from the services' descriptions ({@link io.myelin.server.observability.Components}).
 * Every process reports on itself ({@link io.myelin.server.wiring.ThisProcess}, a {@link
 * io.myelin.server.wiring.ProcessReport}); the process that serves the page collects all reports ({@link
 * io.myelin.server.wiring.ProcessReports}) and combines them ({@link io.myelin.server.wiring.WiringSnapshot}). A server of one
 * process has one report; everything else is the same.
 */
@NullMarked
package io.myelin.server.wiring;

import org.jspecify.annotations.NullMarked;
