package io.myelin.kafka;

import java.time.Duration;
import java.util.function.Function;

/**
 * A topic that an ephemeral service reads.
 *
 * @param rewind how far back a new owner begins to read: what was said then may still count
 * @param decode from a record's bytes; throws on bytes that are no input
 */
public record EphemeralInput<I>(String topic, Duration rewind, Function<byte[], I> decode) {}
