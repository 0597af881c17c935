package io.myelin.server;

import io.myelin.contracts.EphemeralQueries;
import io.myelin.contracts.Unavailable;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.shard.ShardStore.StoreUnavailable;
import io.myelin.kafka.EphemeralService;
import io.myelin.kafka.EphemeralServiceSpec;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.TopicWatch;
import io.myelin.postgres.InstanceLease;
import io.myelin.postgres.KeptStates;
import io.myelin.postgres.PostgresEphemeralStore;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ShardOwners;
import io.myelin.postgres.ShardSetup;
import io.myelin.web.config.Phases;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ephemeral server's shards in this process: its schema, its lease and its loop, which start and stop together. As
 * {@link EphemeralQueries} it answers from memory, for the shards that it owns.
 */
public final class EphemeralServer<I, S, V>
        implements EphemeralQueries<V>, ShardOwnership, Readiness, StopsBesideOthers, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final ServiceDatabase database;
    private final InstanceLease lease;
    private final PostgresEphemeralStore<S> store;
    private final EphemeralService<I, S, V> service;
    private volatile boolean running;

    /**
     * Owns nothing before {@link #start}.
     *
     * @param database whose schema is named like the service; closed with this
     * @param address at which other processes reach this one
     */
    public EphemeralServer(
            EphemeralServiceSpec<I, S, V> spec,
            KeptStates<S> states,
            ServiceDatabase database,
            String address,
            KafkaSettings kafka,
            TopicWatch watch) {
        name = spec.name();
        this.database = database;
        try {
            ShardSetup.prepare(database, spec.shards(), states);
        } catch (SQLException e) {
            throw new IllegalStateException("The schema of " + name + " cannot be prepared: " + e.getMessage(), e);
        }
        lease = new InstanceLease(database, spec.shards(), address);
        store = new PostgresEphemeralStore<>(database, states, lease::id);
        service = new EphemeralService<>(spec, store, lease::holds, kafka, watch);
    }

    /** {@inheritDoc} Between processes, who is not the owner names them instead. */
    @Override
    public ShardValues<V> values(int shard) {
        return service.values(shard).orElseThrow(() -> notOwned(shard));
    }

    /**
     * The same of one key.
     *
     * @throws Unavailable if the shard is not owned here
     */
    public ShardValues<V> values(int shard, String key) {
        return service.values(shard, key).orElseThrow(() -> notOwned(shard));
    }

    private Unavailable notOwned(int shard) {
        return new Unavailable("Shard " + shard + " of " + name + "-server is not owned here");
    }

    /** Whether this process owns every shard. */
    public boolean ownsAll() {
        return service.ownsAll();
    }

    @Override
    public String component() {
        return name + "-server";
    }

    @Override
    public boolean owns(int shard) {
        return lease.holds() && service.owned().contains(shard);
    }

    @Override
    public List<Integer> owned() {
        return lease.holds() ? service.owned().stream().sorted().toList() : List.of();
    }

    @Override
    public Owners owners() {
        return Owners.of(ShardOwners.read(database));
    }

    /** Ready is a server whose loop turns, while each shard is somebody's. */
    @Override
    public @Nullable String trouble() {
        if (!running || !lease.holds()) {
            return component() + " has no lease";
        }
        return service.allOwned() ? null : "not every shard of " + component() + " has an owner";
    }

    @Override
    public void start() {
        try {
            lease.start(service::hasTurned, service::lostEverything, service::moved);
        } catch (SQLException | StoreUnavailable e) {
            throw new IllegalStateException("The lease of " + name + " cannot be taken: " + e.getMessage(), e);
        }
        service.start();
        running = true;
    }

    /** What is worth it is written down, then the shards are released and the lease is given up. */
    @Override
    public void stop() {
        if (running) {
            running = false;
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
