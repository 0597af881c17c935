/**
 * Every component as a process of its own on one machine: what {@code ./myelin run --apart} runs.
 *
 * <p>{@link io.myelin.apart.Main} reads the command line; {@link io.myelin.apart.Plan} says which instances there are;
 * {@link io.myelin.apart.Supervisor} starts them in order, watches them, and starts again what dies by itself: one
 * {@link io.myelin.apart.Ward} each, whose process is behind a {@link io.myelin.apart.Lifeline}. The verbs of
 * {@code ./myelin} reach it through {@link io.myelin.apart.Control}. {@link io.myelin.apart.Gateway} makes nginx's
 * configuration, {@link io.myelin.apart.Settings} what each process is told, {@link io.myelin.apart.KafkaProcess} is the
 * broker's process.
 */
@NullMarked
package io.myelin.apart;

import org.jspecify.annotations.NullMarked;
