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
import io.myelin.postgres.ShardSetup;
import io.myelin.web.config.Phases;
import java.sql.SQLException;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/**
 * A server's shards in this process: its database, its lease, its store and its loop, which start and stop together.
 *
 * <p>As {@link ShardQueries} it answers what the engine itself knows: from memory while this process owns the shard, else
 * from the rows.
 */
public final class ShardServer<S, C, F> implements ShardQueries<F>, SmartLifecycle, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final ServiceDatabase database;
    private final Housekeeping housekeeping;
    private final InstanceLease lease;
    private final PostgresShardStore<S, F> store;
    private final ShardService<S, C, F> service;
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
        this.database = database;
        try {
            ShardSetup.prepare(database, spec.shards());
        } catch (SQLException e) {
            throw new IllegalStateException("The schema of " + name + " cannot be prepared: " + e.getMessage(), e);
        }
        housekeeping = new Housekeeping(database);
        lease = new InstanceLease(database, address);
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
    public ReplayPage<F> replay(int shard, long after, int limit) {
        return store.replay(shard, after, limit);
    }

    @Override
    public void start() {
        try {
            lease.start(service::hasTurned, service::lostEverything);
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
