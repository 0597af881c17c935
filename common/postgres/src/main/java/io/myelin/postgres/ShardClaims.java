package io.myelin.postgres;

import io.myelin.engine.LogPosition;
import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.ownership.Balance;
import io.myelin.engine.ownership.Claims;
import io.myelin.engine.ownership.OwnerScan;
import io.myelin.engine.ownership.ShardRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at, claims and releases shards, each statement in a transaction of its own, on one connection. A look that
 * finds nothing to claim writes nothing.
 *
 * <p>For two seconds after the database has crashed, or another server has taken over, no shard goes to another process:
 * the last renewals of leases may be lost, and their holders still rely on them. A process that has lost its lease does
 * not rely on it, and claims its former shards at once. If an asynchronous standby takes over that has not heard of a claim,
 * the shards' last owner may so answer reads for those two seconds beside the new one.
 */
public final class ShardClaims implements Claims, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShardClaims.class);

    /** SQLSTATEs: a lock was not available in time, or two claims deadlocked. */
    private static final Set<String> IN_EACH_OTHERS_WAY = Set.of("55P03", "40P01");

    /**
     * Takes shards that were free at the look, unless another instance was faster and has raised the epoch. A claim
     * from a dead owner counts as an attempt. An owner that has lost its lease but is still connected is not dead, nor
     * is this process under a former id.
     */
    private static final String CLAIM = """
            WITH free AS (
                SELECT id, epoch
                  FROM shard
                 WHERE id = ANY (?)
                   AND (owner IS NULL OR owner = ? OR NOT EXISTS (SELECT FROM instance i WHERE i.id = shard.owner))
                   AND EXISTS (SELECT FROM instance i WHERE i.id = ?))
            UPDATE shard s
               SET epoch = s.epoch + 1, owner = ?,
                   attempts = s.attempts + CASE
                       WHEN s.owner IS NULL OR s.owner = ANY (?) THEN 0
                       WHEN EXISTS (SELECT FROM pg_stat_activity a WHERE a.application_name = ? || s.owner) THEN 0
                       ELSE 1 END
              FROM free
             WHERE s.id = free.id AND s.epoch = free.epoch
            RETURNING s.id, s.epoch, s.attempts, s.seq, s.published, s.incarnation, s.topic_id, s.next_offset,
                s.leader_epoch
            """;

    /** Terminates the backend of a former owner, which may still hold the row's lock. */
    private static final String TERMINATE = """
            SELECT pg_terminate_backend(a.pid)
              FROM pg_stat_activity a, shard s
             WHERE s.id = ? AND a.application_name = 'myelin ' || ? || ' ' || s.owner
               AND (s.owner = ? OR NOT EXISTS (SELECT FROM instance i WHERE i.id = s.owner))
            """;

    /**
     * Releases a shard and notifies the other instances. It need not be durable: if a crash undoes it, the shard is
     * claimed like one whose owner has died.
     */
    private static final String RELEASE = """
            WITH lazy AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS mode),
                 released AS (
                UPDATE shard SET owner = NULL, published = ?
                  FROM lazy
                 WHERE lazy.mode = 'off' AND id = ? AND epoch = ? AND owner = ?
                RETURNING id)
            SELECT pg_notify(?, '') FROM released
            """;

    private final ServiceDatabase database;
    private final Supplier<UUID> instance;
    private @Nullable Connection connection;

    /** The ids that this process has had. */
    private final Set<UUID> mine = new HashSet<>();

    /** @param instance the id under which this process owns, see {@link InstanceLease#id} */
    public ShardClaims(ServiceDatabase database, Supplier<UUID> instance) {
        this.database = database;
        this.instance = instance;
    }

    /** The channel on which instances notify each other that a shard is free or that they have come. */
    static String channel(String schema) {
        return "myelin " + schema;
    }

    @Override
    public synchronized OwnerScan look(Set<Integer> wanted) {
        try {
            UUID me = instance.get();
            Connection open = open();
            boolean othersMayBeTaken = Origin.hasLostNoLease(open);
            if (othersMayBeTaken) {
                deleteLapsed(open, me);
            }
            Set<UUID> wanting = new HashSet<>();
            Map<Integer, UUID> owners = new HashMap<>();
            Set<Integer> formerlyMine = new HashSet<>();
            int shards = read(open, me, wanting, owners, formerlyMine);
            Set<Integer> chosen = choose(me, wanted, shards, wanting, owners);
            if (!othersMayBeTaken) {
                chosen.removeIf(shard -> !me.equals(owners.get(shard)));
                formerlyMine.retainAll(wanted);
                chosen.addAll(formerlyMine);
            }
            List<ShardRow> claimed = claim(open, me, chosen);
            claimed.forEach(row -> owners.put(row.shard(), me));
            return new OwnerScan(claimed, Balance.of(me, shards, wanting, owners));
        } catch (SQLException e) {
            throw failed("Nobody knows who owns which shard", e);
        }
    }

    /**
     * Deletes the leases of other instances that have run out. This process's own stays: if a late renewal still finds
     * its row, nothing is lost.
     */
    private static void deleteLapsed(Connection connection, UUID me) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM instance WHERE lease_until < clock_timestamp() AND id <> ?")) {
            delete.setObject(1, me);
            delete.executeUpdate();
        }
    }

    /**
     * Reads which instances want shards, which shards living ones own, and which this process owned under an id whose
     * lease is gone; returns how many shards there are.
     */
    private int read(
            Connection connection, UUID me, Set<UUID> wanting, Map<Integer, UUID> owners, Set<Integer> formerlyMine)
            throws SQLException {
        Set<UUID> living = new HashSet<>();
        try (PreparedStatement instances = connection.prepareStatement("SELECT id, leaving FROM instance");
                ResultSet row = instances.executeQuery()) {
            while (row.next()) {
                UUID id = row.getObject(1, UUID.class);
                living.add(id);
                if (!row.getBoolean(2)) {
                    wanting.add(id);
                }
            }
        }
        if (!living.contains(me)) {
            throw new SQLException("This instance holds no lease on " + database.schema(), "55000");
        }
        int shards = 0;
        try (PreparedStatement all = connection.prepareStatement("SELECT id, owner FROM shard");
                ResultSet row = all.executeQuery()) {
            while (row.next()) {
                shards++;
                UUID owner = row.getObject(2, UUID.class);
                if (owner != null && living.contains(owner)) {
                    owners.put(row.getInt(1), owner);
                } else if (owner != null && mine.contains(owner)) {
                    formerlyMine.add(row.getInt(1));
                }
            }
        }
        return shards;
    }

    /**
     * Chooses the shards to claim: this instance's own, and as many free ones as its share allows; different instances
     * choose different ones.
     */
    private static Set<Integer> choose(
            UUID me, Set<Integer> wanted, int shards, Set<UUID> wanting, Map<Integer, UUID> owners) {
        Set<Integer> chosen = new TreeSet<>();
        List<Integer> free = new ArrayList<>();
        for (int shard : wanted) {
            UUID owner = owners.get(shard);
            if (owner == null) {
                free.add(shard);
            } else if (owner.equals(me)) {
                chosen.add(shard);
            }
        }
        int room = Balance.of(me, shards, wanting, owners).share() - Collections.frequency(owners.values(), me);
        Collections.shuffle(free);
        chosen.addAll(free.subList(0, Math.clamp(room, 0, free.size())));
        return chosen;
    }

    private List<ShardRow> claim(Connection open, UUID me, Set<Integer> shards) throws SQLException {
        if (shards.isEmpty()) {
            return List.of();
        }
        try {
            return claimAll(open, me, shards);
        } catch (SQLException e) {
            rethrowUnlessInTheWay(e);
        }
        List<ShardRow> claimed = new ArrayList<>();
        for (int shard : shards) {
            claimed.addAll(claimOrEndItsHolder(open, me, shard));
        }
        return claimed;
    }

    private static void rethrowUnlessInTheWay(SQLException e) throws SQLException {
        if (!IN_EACH_OTHERS_WAY.contains(String.valueOf(e.getSQLState()))) {
            throw e;
        }
    }

    private List<ShardRow> claimOrEndItsHolder(Connection open, UUID me, int shard) throws SQLException {
        try {
            return claimAll(open, me, Set.of(shard));
        } catch (SQLException e) {
            rethrowUnlessInTheWay(e);
            try (PreparedStatement terminate = open.prepareStatement(TERMINATE)) {
                terminate.setInt(1, shard);
                terminate.setString(2, database.schema());
                terminate.setObject(3, me);
                terminate.execute();
            }
            return claimAll(open, me, Set.of(shard));
        }
    }

    private List<ShardRow> claimAll(Connection open, UUID me, Collection<Integer> shards) throws SQLException {
        List<ShardRow> claimed = new ArrayList<>();
        try (PreparedStatement claim = open.prepareStatement(CLAIM)) {
            claim.setArray(1, open.createArrayOf("int", shards.toArray()));
            for (int parameter = 2; parameter <= 4; parameter++) {
                claim.setObject(parameter, me);
            }
            claim.setArray(5, open.createArrayOf("uuid", mine.toArray()));
            claim.setString(6, connectionName());
            try (ResultSet row = claim.executeQuery()) {
                while (row.next()) {
                    claimed.add(row(row));
                }
            }
        }
        return claimed;
    }

    private static ShardRow row(ResultSet row) throws SQLException {
        return new ShardRow(
                row.getInt("id"),
                row.getLong("epoch"),
                row.getInt("attempts"),
                row.getLong("seq"),
                row.getLong("published"),
                row.getLong("incarnation"),
                new LogPosition(
                        row.getObject("topic_id", UUID.class), row.getLong("next_offset"), row.getInt("leader_epoch")));
    }

    @Override
    public synchronized void release(int shard, long epoch, long published) {
        try (PreparedStatement release = open().prepareStatement(RELEASE)) {
            release.setLong(1, published);
            release.setInt(2, shard);
            release.setLong(3, epoch);
            release.setObject(4, instance.get());
            release.setString(5, channel(database.schema()));
            release.execute();
        } catch (SQLException e) {
            throw failed("Shard " + shard + " cannot be released", e);
        }
    }

    @Override
    public synchronized void leave() {
        try (PreparedStatement leave = open().prepareStatement("UPDATE instance SET leaving = true WHERE id = ?")) {
            leave.setObject(1, instance.get());
            leave.executeUpdate();
        } catch (SQLException e) {
            throw failed("The others cannot be told that this instance leaves", e);
        }
    }

    private StoreUnavailable failed(String what, SQLException e) {
        close();
        return SqlStates.unavailable(what + " in " + database.schema(), e);
    }

    /**
     * The application name of the connection, without the instance's id. The connection is open as long as its owner
     * lives.
     */
    private String connectionName() {
        return "myelin " + database.schema() + " claims ";
    }

    private Connection open() throws SQLException {
        UUID me = instance.get();
        if (mine.add(me)) {
            close();
        }
        Connection open = connection;
        if (open == null) {
            open = database.connectForMoments(connectionName() + me);
            connection = open;
            try (Statement statement = open.createStatement()) {
                Origin.incarnation(open);
                Origin.noteLife(open);
                statement.execute("SET lock_timeout = '300ms'");
            }
        }
        return open;
    }

    @Override
    public synchronized void close() {
        try (Connection old = connection) {
            connection = null;
        } catch (SQLException e) {
            LOG.debug("A broken connection did not close", e);
        }
    }
}
