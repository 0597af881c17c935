package io.myelin.engine.ownership;

import java.util.List;

/**
 * What a look at the rows of instances and shards brought.
 *
 * @param claimed the shards that were won by it, each in a new epoch that is committed
 * @param balance how the shards are spread, these included
 */
public record Look(List<ShardRow> claimed, Balance balance) {}
