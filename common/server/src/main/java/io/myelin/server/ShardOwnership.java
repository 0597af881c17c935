package io.myelin.server;

import io.myelin.postgres.ShardOwners;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The owners of one service's shards, as one of its instances knows them. */
public interface ShardOwnership {

    /**
     * The instances that own the shards.
     *
     * @param byShard addresses of the owners' internal listeners; null for a shard without an owner
     * @param instances addresses of all living instances, including those that own no shard
     */
    record Owners(List<@Nullable String> byShard, Set<String> instances) {
        static Owners of(ShardOwners rows) {
            List<@Nullable String> byShard = new ArrayList<>();
            rows.shards()
                    .forEach(shard -> byShard.add(
                            shard.owner() == null ? null : shard.owner().address()));
            return new Owners(byShard, rows.addresses());
        }
    }

    /** The service that owns them, such as {@code room-server}. */
    String component();

    /** Whether this instance owns the shard and no other can own it. */
    boolean owns(int shard);

    /** The shards that this instance owns. */
    List<Integer> owned();

    /** @throws io.myelin.engine.StoreUnavailable if the database does not answer now */
    Owners owners();
}
