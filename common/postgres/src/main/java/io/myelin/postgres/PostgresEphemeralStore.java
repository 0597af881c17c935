package io.myelin.postgres;

import io.myelin.engine.ephemeral.EphemeralStore;
import io.myelin.engine.ownership.Claims;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** An ephemeral service's rows in PostgreSQL. */
public final class PostgresEphemeralStore<S> implements EphemeralStore<S>, AutoCloseable {

    private final ServiceDatabase database;
    private final StoredStates<S> states;
    private final Supplier<UUID> instance;
    private final ShardClaims claims;
    private final LoopConnection writing;

    /** @param instance the id under which this process owns, see {@link InstanceLease#id} */
    public PostgresEphemeralStore(ServiceDatabase database, StoredStates<S> states, Supplier<UUID> instance) {
        this.database = database;
        this.states = states;
        this.instance = instance;
        claims = new ShardClaims(database, instance);
        writing = new LoopConnection(database);
    }

    @Override
    public Claims claims() {
        return claims;
    }

    @Override
    public Map<String, S> load(int shard) {
        return database.read(jdbc -> states.load(jdbc, shard));
    }

    /**
     * Stores states while the shard's row is locked against a claim. If a crash of the database undoes it, they are
     * stored again later.
     */
    @Override
    public synchronized boolean keep(int shard, long rowEpoch, Map<String, S> kept) {
        try {
            Connection connection = writing.open(instance.get());
            boolean ours = isOf(connection, shard, rowEpoch);
            if (ours) {
                states.write(connection, shard, kept);
            }
            connection.commit();
            return ours;
        } catch (SQLException e) {
            writing.rollback();
            throw SqlStates.unavailable("Shard " + shard + " of " + database.schema() + " cannot be written down", e);
        }
    }

    private static boolean isOf(Connection connection, int shard, long rowEpoch) throws SQLException {
        try (Statement lazy = connection.createStatement()) {
            lazy.execute("SET LOCAL synchronous_commit = off");
        }
        try (PreparedStatement fence =
                connection.prepareStatement("SELECT FROM shard WHERE id = ? AND epoch = ? FOR SHARE")) {
            fence.setInt(1, shard);
            fence.setLong(2, rowEpoch);
            try (ResultSet row = fence.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public synchronized void close() {
        writing.close();
        claims.close();
    }
}
