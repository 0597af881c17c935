package io.myelin.kafka;

import java.util.function.Function;

/**
 * What an {@link EphemeralTail} follows.
 *
 * @param decode decodes a record's bytes
 * @param key the key that a value belongs to
 */
public record EphemeralTailSpec<V>(String topic, int shards, Function<byte[], V> decode, Function<V, String> key) {}
