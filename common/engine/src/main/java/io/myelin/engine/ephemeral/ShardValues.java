package io.myelin.engine.ephemeral;

import java.util.List;

/**
 * All values of a shard.
 *
 * @param asOf the newest version that was given out: everything up to it is in the values
 */
public record ShardValues<V>(Version asOf, List<Versioned<V>> values) {}
