/**
 * The engines that carry every service: {@link io.myelin.engine.shard servers}, which write a part of the truth, {@link
 * io.myelin.engine.ephemeral ephemeral services}, which keep values in memory, and {@link io.myelin.engine.tail tails},
 * which follow what is published. Every engine with shards of its own builds on {@link io.myelin.engine.ownership}, and
 * every one with a log on {@link io.myelin.engine.output}, as does a reader that keeps rows. An engine is a state machine
 * without threads, locks, clocks or I/O: inputs are method calls, effects go out through an interface, and a shell ({@code
 * common/kafka}, {@code common/postgres}) carries them out. No engine knows of Matrix.
 */
@NullMarked
package io.myelin.engine;

import org.jspecify.annotations.NullMarked;
