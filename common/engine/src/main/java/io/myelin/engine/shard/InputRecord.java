package io.myelin.engine.shard;

/** A request as it was read from the input topic. */
public record InputRecord<C>(long offset, int leaderEpoch, Request<C> request) {}
