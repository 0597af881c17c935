/**
 * What the wiring looks like from outside: {@code GET /metrics} for Prometheus, and a page that shows every component and
 * topic, live.
 *
 * <p>The drawing itself follows from the services' descriptions ({@link io.myelin.server.wiring.Components}). Every process reports on itself
 * ({@link io.myelin.server.wiring.ThisProcess}, a {@link io.myelin.server.wiring.ProcessReport}); whoever serves the page
 * collects the reports of all ({@link io.myelin.server.wiring.Colleagues}) and puts them together
 * ({@link io.myelin.server.wiring.Picture}). In one process there is one report, and the rest is the same. Nothing here
 * counts anything on the way of a request or a record but {@link io.myelin.server.wiring.HttpFigures}.
 */
@NullMarked
package io.myelin.server.wiring;

import org.jspecify.annotations.NullMarked;
