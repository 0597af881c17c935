package io.myelin.kafka;

import java.time.Duration;
import java.util.function.Function;

/**
 * A topic that an ephemeral service reads.
 *
 * @param rewind how far back a new owner begins to read: inputs of that time may still count
 * @param decode decodes a record's bytes; throws if they are no input
 */
public record EphemeralInput<I>(String topic, Duration rewind, Function<byte[], I> decode) {}
