package io.myelin.engine.ephemeral;

import java.util.List;

/**
 * All values of a shard.
 *
 * @param asOf the newest version of the shard; the values include all changes up to it
 */
public record ShardValues<V>(Version asOf, List<Versioned<V>> values) {}
