package io.myelin.kafka;

import io.myelin.engine.ephemeral.EphemeralLimits;
import io.myelin.engine.ephemeral.EphemeralRules;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What an ephemeral service brings to its shell.
 *
 * @param name of the service, for threads, logs and clients
 * @param shards how many there are in all: partitions of each topic
 * @param inputs what it reads
 * @param output topic of its values
 * @param encode encodes a value into a record's bytes
 * @param gathering how long inputs may gather before they are processed: fewer, larger batches cost less
 */
public record EphemeralServiceSpec<I, S, V>(
        String name,
        int shards,
        List<EphemeralInput<I>> inputs,
        String output,
        EphemeralRules<I, S, V> rules,
        Function<V, byte[]> encode,
        Duration gathering,
        EphemeralLimits limits) {}
