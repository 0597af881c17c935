package io.myelin.kafka;

import java.util.function.Function;

/**
 * What an {@link EphemeralTail} follows.
 *
 * @param decode from a record's bytes
 * @param key what a value is the value of
 */
public record EphemeralTailSpec<V>(String topic, int shards, Function<byte[], V> decode, Function<V, String> key) {}
