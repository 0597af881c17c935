/**
 * The page that shows every component and topic, live.
 *
 * <p>The drawing itself follows from the services' descriptions ({@link io.myelin.server.observability.Components}). Every
 * process reports on itself ({@link io.myelin.server.wiring.ThisProcess}, a {@link io.myelin.server.wiring.ProcessReport});
 * whoever serves the page collects the reports of all ({@link io.myelin.server.wiring.Colleagues}) and puts them together
 * ({@link io.myelin.server.wiring.Picture}). In one process there is one report, and the rest is the same.
 */
@NullMarked
package io.myelin.server.wiring;

import org.jspecify.annotations.NullMarked;
