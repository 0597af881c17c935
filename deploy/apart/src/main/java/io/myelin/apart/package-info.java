/**
 * Runs every component as a process of its own on one machine: {@code ./myelin run --apart}.
 *
 * <p>{@link io.myelin.apart.Main} reads the command line, and {@link io.myelin.apart.Plan} says which instances there are.
 * {@link io.myelin.apart.Supervisor} starts them in order, watches them, and restarts those that die: each is a
 * {@link io.myelin.apart.SupervisedInstance}, which controls its process by a {@link io.myelin.apart.ProcessControl}. {@link io.myelin.apart.Control}
 * receives the verbs of {@code ./myelin}. {@link io.myelin.apart.Gateway} makes nginx's configuration,
 * {@link io.myelin.apart.Settings} the environment of each process, and {@link io.myelin.apart.KafkaProcess} is the broker's
 * process.
 */
@NullMarked
package io.myelin.apart;

import org.jspecify.annotations.NullMarked;
