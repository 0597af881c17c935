package io.myelin.server;

import io.myelin.contracts.ShardQueries;
import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import io.myelin.kafka.OwnerLoop;
import io.myelin.kafka.ShardService;
import io.myelin.kafka.ShardServiceSpec;
import io.myelin.kafka.Shell;
import io.myelin.postgres.Housekeeping;
import io.myelin.postgres.PostgresShardStore;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ServiceTables;
import io.myelin.postgres.ShardOwners;
import io.myelin.postgres.ShardSetup;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A server's shards in this process. As {@link ShardQueries} it answers what the engine itself knows. While this
 * process owns a shard it answers from memory, else from the rows.
 */
public final class ShardServer<S, C, F> extends ShardOwner implements ShardQueries<F> {

    private final int shards;
    private final Housekeeping housekeeping;
    private final PostgresShardStore<S, F> store;
    private final ShardService<S, C, F> service;

    /**
     * The leases that existed at the start, by instance. Such an instance counts as living only once it has renewed its
     * lease.
     */
    private volatile Map<UUID, OffsetDateTime> inherited = Map.of();

    /**
     * Owns nothing before {@link #start}.
     *
     * @param database whose schema is named like the service; closed with this
     * @param address at which other processes reach this one
     */
    public ShardServer(
            ShardServiceSpec<S, C, F> spec,
            ServiceTables<S, F> tables,
            ServiceDatabase database,
            String address,
            Shell shell) {
        super(spec.name(), spec.shards(), database, address, ShardSetup::prepare);
        shards = spec.shards();
        housekeeping = new Housekeeping(database);
        store = new PostgresShardStore<>(database, tables, lease()::id);
        service = new ShardService<>(spec, store, lease()::holds, shell);
    }

    /** Takes commands for the shards that this process owns. */
    public ShardService<S, C, F> service() {
        return service;
    }

    @Override
    public Committed committed(int shard) {
        return service.committed(shard).orElseGet(() -> store.committed(shard));
    }

    @Override
    public List<Committed> allCommitted(int count) {
        List<Committed> owned = new ArrayList<>(count);
        for (int shard = 0; shard < count; shard++) {
            Committed known = service.committed(shard).orElse(null);
            if (known == null) {
                return withTheOthers(count);
            }
            owned.add(known);
        }
        return owned;
    }

    private List<Committed> withTheOthers(int count) {
        List<ShardOwners.Shard> rows = ShardOwners.read(database()).shards();
        return IntStream.range(0, count)
                .mapToObj(shard ->
                        service.committed(shard).orElseGet(() -> rows.get(shard).committed()))
                .toList();
    }

    @Override
    public ReplayPage<F> replay(int shard, long after, int limit) {
        return store.replay(shard, after, limit);
    }

    @Override
    OwnerLoop loop() {
        return service.loop();
    }

    @Override
    void closeStore() {
        store.close();
    }

    @Override
    @Nullable
    String unowned() {
        if (owned().size() == shards) {
            return null;
        }
        List<ShardOwners.Shard> rows = ShardOwners.read(database()).shards();
        List<Integer> nobodys = IntStream.range(0, shards)
                .filter(shard -> !isAlive(rows.get(shard).owner()))
                .boxed()
                .toList();
        return nobodys.isEmpty() ? null : "shards " + nobodys + " of " + component() + " have no owner";
    }

    private boolean isAlive(ShardOwners.@Nullable Owner owner) {
        if (owner == null || !owner.isAlive()) {
            return false;
        }
        OffsetDateTime old = inherited.get(owner.instance());
        return old == null || owner.leaseUntil().isAfter(old);
    }

    private static Map<UUID, OffsetDateTime> leases(ServiceDatabase database) {
        Map<UUID, OffsetDateTime> leases = new HashMap<>();
        for (ShardOwners.Shard shard : ShardOwners.read(database).shards()) {
            if (shard.owner() != null) {
                leases.put(shard.owner().instance(), shard.owner().leaseUntil());
            }
        }
        return leases;
    }

    @Override
    public void start() {
        inherited = leases(database());
        super.start();
        housekeeping.start();
    }

    /** Publishes what is committed, then releases the shards and gives up the lease. */
    @Override
    public void stop() {
        housekeeping.close();
        super.stop();
    }
}
