package io.myelin.engine.shard;

/**
 * When and where a command is decided.
 *
 * @param seq the number that the decision's first fact gets; further facts count on from it
 * @param now milliseconds since the epoch
 */
public record Moment(int shard, long incarnation, long seq, long now) {}
