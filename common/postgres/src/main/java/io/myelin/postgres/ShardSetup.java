package io.myelin.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Creates a service's shard rows at the first start, and raises the incarnation when the database is another one than
 * before: if it was restored from a copy, its numbers may have gone back. Only an ephemeral service may have another
 * number of shards later.
 */
public final class ShardSetup {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private ShardSetup() {}

    /** Handles a database that was made for another number of shards. */
    private interface OtherCount {

        /** @return whether the database now has the wanted number; if not, the caller tries again later */
        boolean found(Connection connection, int count) throws SQLException;
    }

    /** @throws IllegalStateException if the database was made for another number of shards */
    public static void prepare(ServiceDatabase database, int shardCount) throws SQLException {
        var _ = prepare(database, shardCount, (_, found) -> {
            throw new IllegalStateException("The configuration says " + shardCount
                    + " shards, but the database was made for " + found + ": set myelin.shards to " + found);
        });
    }

    /**
     * For an ephemeral service, whose number of shards may change at each start, but not while an instance lives that
     * uses the present number. The lease of a killed instance lasts for up to two seconds; an instance is known to live
     * when it renews its lease.
     *
     * @throws IllegalStateException if a living instance uses another number of shards
     */
    public static void prepare(ServiceDatabase database, int shardCount, StoredStates<?> states) throws SQLException {
        Map<String, OffsetDateTime> firstSeen = new HashMap<>();
        while (!prepare(
                database,
                shardCount,
                (connection, found) -> renumber(connection, database.schema(), shardCount, found, firstSeen, states))) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /** Changes the number of shards if no instance can be living. */
    private static boolean renumber(
            Connection connection,
            String schema,
            int shardCount,
            int found,
            Map<String, OffsetDateTime> firstSeen,
            StoredStates<?> states)
            throws SQLException {
        Map<String, OffsetDateTime> leases = leases(connection);
        refuseIfRenewed(schema, shardCount, found, firstSeen, leases);
        leases.forEach(firstSeen::putIfAbsent);
        if (!leases.isEmpty() || !Origin.hasLostNoLease(connection)) {
            return false;
        }
        renumber(connection, shardCount);
        states.reshard(connection, shardCount);
        return true;
    }

    /** Which instances have a lease that holds by the database's clock, and until when. */
    private static Map<String, OffsetDateTime> leases(Connection connection) throws SQLException {
        Map<String, OffsetDateTime> leases = new TreeMap<>();
        try (PreparedStatement query = connection.prepareStatement(
                        "SELECT id, address, lease_until FROM instance WHERE lease_until > clock_timestamp()");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                leases.put(
                        row.getString("address") + " (" + row.getString("id") + ")",
                        row.getObject("lease_until", OffsetDateTime.class));
            }
        }
        return leases;
    }

    private static void refuseIfRenewed(
            String schema,
            int wanted,
            int found,
            Map<String, OffsetDateTime> firstSeen,
            Map<String, OffsetDateTime> leases) {
        List<String> living = leases.entrySet().stream()
                .filter(lease -> lease.getValue().isAfter(firstSeen.getOrDefault(lease.getKey(), OffsetDateTime.MAX)))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (!living.isEmpty()) {
            throw new IllegalStateException(
                    "%s-server is configured for %d shards here, but these instances live and have %d: %s. Set myelin.ephemeral-shards to %d here too, or stop them first"
                            .formatted(schema, wanted, found, String.join(", ", living), found));
        }
    }

    private static boolean prepare(ServiceDatabase database, int shardCount, OtherCount otherCount)
            throws SQLException {
        try (Connection connection = database.connect("myelin " + database.schema() + " setup");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            Origin.lock(connection);
            Origin.noteLife(connection);
            int found = shards(statement);
            boolean prepared = true;
            if (found == 0) {
                makeShards(connection, shardCount, 0, 1);
            } else if (found != shardCount) {
                prepared = otherCount.found(connection, found);
            }
            Origin.noteWhileLocked(connection);
            connection.commit();
            return prepared;
        }
    }

    private static int shards(Statement statement) throws SQLException {
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM shard")) {
            count.next();
            return count.getInt(1);
        }
    }

    private static void makeShards(Connection connection, int shardCount, long epoch, long incarnation)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO shard (id, epoch, incarnation) SELECT generate_series(0, ? - 1), ?, ?")) {
            insert.setInt(1, shardCount);
            insert.setLong(2, epoch);
            insert.setLong(3, incarnation);
            insert.executeUpdate();
        }
    }

    /**
     * Replaces the shards' rows. The new shards publish newer versions than any old one, since a key may come from
     * another shard.
     */
    private static void renumber(Connection connection, int shardCount) throws SQLException {
        long epoch;
        long incarnation;
        try (PreparedStatement delete = connection.prepareStatement("WITH gone AS (DELETE FROM shard RETURNING *)"
                        + " SELECT max(epoch), max(incarnation) FROM gone");
                ResultSet latest = delete.executeQuery()) {
            latest.next();
            epoch = latest.getLong(1);
            incarnation = latest.getLong(2);
        }
        makeShards(connection, shardCount, epoch, incarnation);
    }
}
