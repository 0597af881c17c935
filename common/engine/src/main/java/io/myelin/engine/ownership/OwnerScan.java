package io.myelin.engine.ownership;

import java.util.List;

/**
 * The outcome of a look, which reads the rows of instances and shards.
 *
 * @param claimed the shards that the look claimed, each in a new epoch that is committed
 * @param balance how the shards are spread, these included
 */
public record OwnerScan(List<ShardRow> claimed, Balance balance) {}
