/**
 * The engines that carry every service: {@link io.myelin.engine.shard shards}, which own and write a part of the
 * truth, and {@link io.myelin.engine.tail tails}, which follow what shards publish. An engine is a state machine
 * without threads, locks, clocks or I/O: inputs are method calls, effects go out through an interface, and a shell
 * ({@code common/kafka}, {@code common/postgres}) does what they say. Nothing in here knows of Matrix.
 */
@NullMarked
package io.myelin.engine;

import org.jspecify.annotations.NullMarked;
