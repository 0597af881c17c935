/**
 * The part of the engines' shell that stands on Kafka. {@link io.myelin.kafka.OwnerLoop} is the thread of every engine
 * that owns shards: {@link io.myelin.kafka.ShardService} and {@link io.myelin.kafka.EphemeralService} supply the work
 * that it does in each turn. {@link io.myelin.kafka.Tail} and {@link io.myelin.kafka.EphemeralTail} follow output
 * topics. {@link io.myelin.kafka.CommandSender} sends commands and waits for their answers. The wire forms are in
 * {@link io.myelin.kafka.Wire}.
 */
@NullMarked
package io.myelin.kafka;

import org.jspecify.annotations.NullMarked;
