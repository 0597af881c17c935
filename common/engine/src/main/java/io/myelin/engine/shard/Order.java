package io.myelin.engine.shard;

/**
 * A command that one shard gives another: part of a decision, kept in the outbox by the same transaction.
 *
 * @param topic the input topic of the service that decides it
 * @param partition the target shard
 * @param command the encoded command
 */
public record Order(String topic, int partition, byte[] command) {}
