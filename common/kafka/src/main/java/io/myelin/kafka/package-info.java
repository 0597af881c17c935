/**
 * The part of the engines' shell that stands on Kafka: {@link io.myelin.kafka.ShardService} runs a service's shards,
 * {@link io.myelin.kafka.Tail} follows an output topic, {@link io.myelin.kafka.CommandSender} sends commands and waits
 * for their answers. The wire forms are in {@link io.myelin.kafka.Wire}.
 */
@NullMarked
package io.myelin.kafka;

import org.jspecify.annotations.NullMarked;
