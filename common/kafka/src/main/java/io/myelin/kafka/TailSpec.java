package io.myelin.kafka;

import java.util.function.Function;

/**
 * What a tail follows.
 *
 * @param decode decodes a record's bytes
 */
public record TailSpec<F>(String topic, int shards, Function<byte[], F> decode) {}
