package io.myelin.server;

import io.myelin.postgres.ShardOwners;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The shards of one service as one of its instances sees them. */
public interface ShardOwnership {

    /**
     * Where the shards are.
     *
     * @param byShard addresses of the owners' internal listeners, null where a shard has none
     * @param instances addresses of all living instances, of those without a shard too
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

    /** Whether this instance owns the shard, and nobody else can. */
    boolean owns(int shard);

    /** The shards that this instance owns. */
    List<Integer> owned();

    /** @throws io.myelin.engine.StoreUnavailable if that cannot be found out now */
    Owners owners();
}
