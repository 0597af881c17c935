/**
 * Traces of requests, sent to an OpenTelemetry collector: {@link io.myelin.server.traces.RequestSpans} begins them, and {@link
 * io.myelin.server.traces.OpenTelemetryTraces} alone knows OpenTelemetry, no class of which is loaded unless there is a
 * collector. See {@code docs/adr/0020}.
 */
@NullMarked
package io.myelin.server.traces;

import org.jspecify.annotations.NullMarked;
