/**
 * What the parts of a process tell of the few requests that are traced. Nothing here knows OpenTelemetry: {@link
 * io.myelin.kafka.trace.Traces} is implemented elsewhere, and {@link io.myelin.kafka.trace.Traces#NONE} where traces are
 * off.
 */
@NullMarked
package io.myelin.kafka.trace;

import org.jspecify.annotations.NullMarked;
