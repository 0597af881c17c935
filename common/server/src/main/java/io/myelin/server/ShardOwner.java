package io.myelin.server;

import io.myelin.engine.StoreUnavailable;
import io.myelin.kafka.OwnerLoop;
import io.myelin.postgres.InstanceLease;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ShardOwners;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service's shards in this process, with either engine: its schema, its lease and its loop, which start and stop
 * together. It owns nothing before {@link #start}.
 */
public abstract class ShardOwner implements ShardOwnership, Readiness, StopsInParallel, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Creates the shards' rows if there are none. */
    interface Setup {
        void prepare(ServiceDatabase database, int shards) throws SQLException;
    }

    private final String name;
    private final int shards;
    private final ServiceDatabase database;
    private final InstanceLease lease;
    private volatile boolean running;

    /**
     * @param database whose schema is named like the service; closed with this
     * @param address at which other processes reach this one
     */
    ShardOwner(String name, int shards, ServiceDatabase database, String address, Setup setup) {
        this.name = name;
        this.shards = shards;
        this.database = database;
        try {
            setup.prepare(database, shards);
        } catch (SQLException e) {
            throw new IllegalStateException("The schema of " + name + " cannot be prepared: " + e.getMessage(), e);
        }
        lease = new InstanceLease(database, shards, address);
    }

    /** The thread that owns the shards. */
    abstract OwnerLoop loop();

    /** Closes the store that the loop wrote to, after the loop has ended. */
    abstract void closeStore();

    /** Which shards have no owner, in a few words; null if each has one. */
    abstract @Nullable String unowned();

    /** The database, for the service's own queries. */
    public ServiceDatabase database() {
        return database;
    }

    /** How many shards the service has. */
    public int shards() {
        return shards;
    }

    /** How often this process lost its lease and began anew. */
    public long leaseLosses() {
        return lease.losses();
    }

    InstanceLease lease() {
        return lease;
    }

    @Override
    public String component() {
        return name + "-server";
    }

    @Override
    public boolean owns(int shard) {
        return lease.holds() && loop().owned().contains(shard);
    }

    @Override
    public List<Integer> owned() {
        return lease.holds() ? loop().owned().stream().sorted().toList() : List.of();
    }

    @Override
    public Owners owners() {
        return Owners.of(ShardOwners.read(database));
    }

    /** A server is ready while its lease holds and every shard has an owner. */
    @Override
    public @Nullable String trouble() {
        return running && lease.holds() ? unowned() : component() + " has no lease";
    }

    @Override
    public void start() {
        OwnerLoop loop = loop();
        try {
            lease.start(loop::hasTurned, loop::leaseLost, loop::lookForShards);
        } catch (SQLException | StoreUnavailable e) {
            throw new IllegalStateException("The lease of " + name + " cannot be taken: " + e.getMessage(), e);
        }
        loop.start();
        running = true;
    }

    /** Ends the work under way, then releases the shards and gives up the lease. */
    @Override
    public void stop() {
        if (running) {
            running = false;
            loop().stop(PATIENCE);
            lease.close();
            closeStore();
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
