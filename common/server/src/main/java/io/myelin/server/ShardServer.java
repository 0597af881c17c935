package io.myelin.server;

import io.myelin.contracts.ShardQueries;
import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import io.myelin.kafka.ShardService;
import io.myelin.kafka.ShardServiceSpec;
import io.myelin.kafka.Shell;
import io.myelin.postgres.Housekeeping;
import io.myelin.postgres.InstanceLease;
import io.myelin.postgres.PostgresShardStore;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ServiceTables;
import io.myelin.postgres.ShardOwners;
import io.myelin.postgres.ShardSetup;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A server's shards in this process: its database, its lease, its store and its loop, which start and stop together.
 *
 * <p>As {@link ShardQueries} it answers what the engine itself knows: from memory while this process owns the shard, else
 * from the rows.
 */
public final class ShardServer<S, C, F>
        implements ShardQueries<F>, ShardOwnership, Readiness, StopsBesideOthers, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final int shards;
    private final ServiceDatabase database;
    private final Housekeeping housekeeping;
    private final InstanceLease lease;
    private final PostgresShardStore<S, F> store;
    private final ShardService<S, C, F> service;
    /** The leases of those who were there before: only a renewed one is a living instance's. */
    private volatile Map<UUID, OffsetDateTime> inherited = Map.of();

    private volatile boolean running;

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
        name = spec.name();
        shards = spec.shards();
        this.database = database;
        try {
            ShardSetup.prepare(database, spec.shards());
        } catch (SQLException e) {
            throw new IllegalStateException("The schema of " + name + " cannot be prepared: " + e.getMessage(), e);
        }
        housekeeping = new Housekeeping(database);
        lease = new InstanceLease(database, spec.shards(), address);
        store = new PostgresShardStore<>(database, tables, lease::id);
        service = new ShardService<>(spec, store, lease::holds, shell);
    }

    /** For the service's own queries. */
    public ServiceDatabase database() {
        return database;
    }

    /** The door to the shards that this process owns. */
    public ShardService<S, C, F> service() {
        return service;
    }

    /** Whether this process owns every shard. */
    public boolean ownsAll() {
        return service.ownsAll();
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
        List<ShardOwners.Shard> rows = ShardOwners.read(database).shards();
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
    public String component() {
        return name + "-server";
    }

    @Override
    public boolean owns(int shard) {
        return service.committed(shard).isPresent();
    }

    @Override
    public List<Integer> owned() {
        return IntStream.range(0, shards).filter(this::owns).boxed().toList();
    }

    @Override
    public Owners owners() {
        return Owners.of(ShardOwners.read(database));
    }

    /** Ready is a server whose loop turns, while each shard is somebody's. */
    @Override
    public @Nullable String trouble() {
        if (!running || !lease.holds()) {
            return name + "-server has no lease";
        }
        if (owned().size() == shards) {
            return null;
        }
        List<ShardOwners.Shard> rows = ShardOwners.read(database).shards();
        List<Integer> nobodys = IntStream.range(0, shards)
                .filter(shard -> !isAlive(rows.get(shard).owner()))
                .boxed()
                .toList();
        return nobodys.isEmpty() ? null : "shards " + nobodys + " of " + name + "-server have no owner";
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
        inherited = leases(database);
        try {
            lease.start(service::hasTurned, service::lostEverything, service::moved);
        } catch (SQLException e) {
            throw new IllegalStateException("The lease of " + name + " cannot be taken: " + e.getMessage(), e);
        }
        service.start();
        housekeeping.start();
        running = true;
    }

    /** What is committed is published, then the shards are released and the lease is given up. */
    @Override
    public void stop() {
        if (running) {
            running = false;
            housekeeping.close();
            service.stop(PATIENCE);
            lease.close();
            store.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.RUNTIMES;
    }

    @Override
    public void close() {
        stop();
        database.close();
    }
}
