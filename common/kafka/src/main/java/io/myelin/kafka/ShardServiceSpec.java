package io.myelin.kafka;

import io.myelin.engine.shard.Decider;
import io.myelin.engine.shard.ShardLimits;
import java.util.function.Function;

/**
 * What a service brings to its shell.
 *
 * @param name of the service, for threads, logs and clients
 * @param shards how many there are in all
 * @param input topic of its commands
 * @param output topic of its facts
 * @param decodeCommand decodes a record's bytes; throws if they are no command
 * @param encodeFact encodes a fact into a record's bytes; the same fact gives the same bytes
 */
public record ShardServiceSpec<S, C, F>(
        String name,
        int shards,
        String input,
        String output,
        Decider<S, C, F> decider,
        Function<byte[], C> decodeCommand,
        Function<F, byte[]> encodeFact,
        ShardLimits limits) {}
