package io.myelin.postgres;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.Found;
import io.myelin.engine.shard.Look;
import io.myelin.engine.shard.Order;
import io.myelin.engine.shard.ShardStore;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.engine.shard.TransactionKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A service's shards in PostgreSQL. */
public final class PostgresShardStore<S, F> implements ShardStore<S, F>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresShardStore.class);
    private static final String UNKNOWN_STATE = "XX000";

    /** A page of the log has no further facts when it has so many bytes. */
    static final int PAGE_BYTES = 1 << 20;

    private final ServiceDatabase database;
    private final ServiceTables<S, F> tables;
    private final Supplier<UUID> instance;
    private final ShardClaims claims;
    private final LoopConnection loop;
    private final EngineRows<F> rows;

    /** @param instance the id under which this process owns, see {@link InstanceLease#id} */
    public PostgresShardStore(ServiceDatabase database, ServiceTables<S, F> tables, Supplier<UUID> instance) {
        this.database = database;
        this.tables = tables;
        this.instance = instance;
        claims = new ShardClaims(database, instance);
        loop = new LoopConnection(database);
        rows = new EngineRows<>(tables);
    }

    @Override
    public Look look(Set<Integer> wanted) {
        try {
            return claims.look(wanted);
        } catch (SQLException e) {
            throw unavailable("Nobody knows who owns which shard", e);
        }
    }

    @Override
    public void leave() {
        try {
            claims.leave();
        } catch (SQLException e) {
            throw unavailable("The others cannot be told that this instance leaves", e);
        }
    }

    @Override
    public void release(int shard, long epoch, long published) {
        try {
            claims.release(shard, epoch, published);
        } catch (SQLException e) {
            throw unavailable("A shard cannot be released", e);
        }
    }

    @Override
    public CommitOutcome commit(Batch<F> batch) {
        try {
            Connection connection = loop.open(instance.get());
            if (!rows.execute(connection, batch)) {
                loop.rollback();
                return new CommitOutcome.Fenced(lost(connection, batch));
            }
            return end(connection);
        } catch (SQLException e) {
            loop.rollback();
            return new CommitOutcome.Refused(state(e), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            loop.rollback();
            return new CommitOutcome.Refused(UNKNOWN_STATE, e.toString());
        }
    }

    private CommitOutcome end(Connection connection) {
        try {
            connection.commit();
            return new CommitOutcome.Committed();
        } catch (SQLException e) {
            String state = state(e);
            if (state.startsWith("23") || state.startsWith("40")) {
                loop.rollback();
                return new CommitOutcome.Refused(state, String.valueOf(e.getMessage()));
            }
            loop.close();
            return new CommitOutcome.Unknown();
        }
    }

    private Set<Integer> lost(Connection connection, Batch<F> batch) throws SQLException {
        Set<Integer> lost = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT epoch FROM shard WHERE id = ?")) {
            for (Batch.OfShard<F> part : batch.shards()) {
                statement.setInt(1, part.shard());
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next() || row.getLong(1) != part.epoch()) {
                        lost.add(part.shard());
                    }
                }
            }
        }
        connection.rollback();
        return lost;
    }

    @Override
    public Found find(Collection<UUID> commands, Collection<TransactionKey> transactions) {
        try {
            Connection connection = loop.open(instance.get());
            Map<UUID, byte[]> byCommand = new HashMap<>();
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT id, answer FROM command WHERE id = ANY (?)"
                            + " UNION ALL SELECT id, answer FROM order_answer WHERE id = ANY (?)")) {
                statement.setArray(1, connection.createArrayOf("uuid", commands.toArray()));
                statement.setArray(2, connection.createArrayOf("uuid", commands.toArray()));
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        byCommand.put(row.getObject(1, UUID.class), row.getBytes(2));
                    }
                }
            }
            Map<TransactionKey, byte[]> byTransaction = new HashMap<>();
            if (!transactions.isEmpty()) {
                byte[][] keys = transactions.stream().map(TransactionKey::bytes).toArray(byte[][]::new);
                try (PreparedStatement statement =
                        connection.prepareStatement("SELECT key, answer FROM transaction WHERE key = ANY (?)")) {
                    statement.setArray(1, connection.createArrayOf("bytea", keys));
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            byTransaction.put(TransactionKey.of(row.getBytes(1)), row.getBytes(2));
                        }
                    }
                }
            }
            connection.rollback();
            return new Found(byCommand, byTransaction);
        } catch (SQLException e) {
            loop.rollback();
            throw unavailable("Kept answers cannot be looked up", e);
        }
    }

    @Override
    public String kind(String key) {
        return tables.kind(key);
    }

    @Override
    public boolean computes(String kind) {
        return tables.computes(kind);
    }

    @Override
    public Map<String, S> load(int shard, Collection<String> keys) {
        return database.readForShard(jdbc -> tables.load(jdbc, shard, keys));
    }

    @Override
    public ReplayPage<F> replay(int shard, long after, int limit) {
        return database.read(jdbc -> {
            Committed committed = CommittedRow.read(jdbc, shard);
            List<LogRow> entries = tables.log(jdbc, shard, after, limit);
            List<Numbered<F>> facts = new ArrayList<>();
            int read = readPage(jdbc, shard, entries, facts);
            boolean isLast = read == entries.size() && read < limit;
            long upTo = isLast ? committed.seq() : entries.get(read - 1).seq();
            return new ReplayPage<>(committed.incarnation(), facts, upTo, committed.seq());
        });
    }

    /** Reads facts until they have the bytes of a page; of how many rows. */
    private int readPage(JdbcClient jdbc, int shard, List<LogRow> entries, List<Numbered<F>> page) {
        int heaviest = tables.heaviestFact();
        int atOnce = heaviest == 0 ? entries.size() : Math.max(1, PAGE_BYTES / heaviest);
        long bytes = 0;
        int read = 0;
        while (read < entries.size() && bytes < PAGE_BYTES) {
            int to = Math.min(entries.size(), read + atOnce);
            for (Numbered<F> fact : facts(jdbc, shard, entries.subList(read, to))) {
                page.add(fact);
                bytes += tables.bytes(fact.fact());
            }
            read = to;
        }
        return read;
    }

    /** One that cannot be read must not stop those after it: it is left out, as if it were superseded. */
    private List<Numbered<F>> facts(JdbcClient jdbc, int shard, List<LogRow> entries) {
        try {
            return tables.facts(jdbc, shard, entries);
        } catch (DataAccessException noBug) {
            throw noBug;
        } catch (RuntimeException | StackOverflowError bug) {
            if (entries.size() <= 1) {
                LOG.error("The log of shard {} of {} cannot be read at {}", shard, database.schema(), entries, bug);
                return List.of();
            }
        }
        List<Numbered<F>> facts = new ArrayList<>(facts(jdbc, shard, entries.subList(0, entries.size() / 2)));
        facts.addAll(facts(jdbc, shard, entries.subList(entries.size() / 2, entries.size())));
        return facts;
    }

    @Override
    public List<StoredOrder> outbox(int shard) {
        return database.readForShard(jdbc -> jdbc.sql(
                        "SELECT id, topic, partition, command FROM outbox WHERE shard = ? ORDER BY id")
                .param(shard)
                .query((row, _) -> new StoredOrder(
                        row.getObject(1, UUID.class), new Order(row.getString(2), row.getInt(3), row.getBytes(4))))
                .list());
    }

    @Override
    public Committed committed(int shard) {
        return database.read(jdbc -> CommittedRow.read(jdbc, shard));
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? UNKNOWN_STATE : e.getSQLState();
    }

    private static StoreUnavailable unavailable(String what, SQLException e) {
        return new StoreUnavailable(what + ": " + e.getMessage(), e);
    }

    /** Closes the loop's connections; to be called when the loop has ended. */
    @Override
    public void close() {
        loop.close();
        claims.close();
    }
}
