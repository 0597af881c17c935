package io.myelin.postgres;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.ownership.Claims;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.KeptAnswers;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A service's shards in PostgreSQL. */
public final class PostgresShardStore<S, F> implements ShardStore<S, F>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresShardStore.class);

    /** A page of the log takes no further facts once it has this many bytes. */
    static final int PAGE_BYTES = 1 << 20;

    /** Smaller than the id of any order. */
    private static final UUID FIRST = new UUID(0, 0);

    /** An order is in the page if the sum of those before it is below the limit, so a page has at least one. */
    private static final String ORDERS = """
            SELECT id, topic, partition, command
              FROM (SELECT *, sum(octet_length(command) + 400) OVER (ORDER BY id) - octet_length(command) - 400 AS before
                      FROM (SELECT id, topic, partition, command FROM outbox
                             WHERE shard = ? AND id > ? ORDER BY id LIMIT 1000) AS next) AS page
             WHERE before < ?
             ORDER BY id""";

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
    public Claims claims() {
        return claims;
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
            return SqlStates.refused(e);
        } catch (RuntimeException e) {
            loop.rollback();
            return new CommitOutcome.Refused(CommitOutcome.Reason.LASTING, e.toString());
        }
    }

    private CommitOutcome end(Connection connection) {
        try {
            connection.commit();
            return new CommitOutcome.Committed();
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("23") || state.startsWith("40")) {
                loop.rollback();
                return SqlStates.refused(e);
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
    public KeptAnswers find(Collection<UUID> commands, Collection<TransactionKey> transactions) {
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
            return new KeptAnswers(byCommand, byTransaction);
        } catch (SQLException e) {
            loop.rollback();
            throw SqlStates.unavailable("Kept answers cannot be looked up", e);
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

    /** Reads facts until they fill a page; returns how many rows were read. */
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

    /**
     * The facts of log rows. A fact that cannot be read is left out, as if it were superseded, so that it does not stop
     * those after it.
     */
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
    public List<StoredOrder> outbox(int shard, @Nullable UUID after, long bytes) {
        return database.readForShard(jdbc -> jdbc.sql(ORDERS)
                .params(shard, after == null ? FIRST : after, bytes)
                .query((row, _) -> new StoredOrder(
                        row.getObject(1, UUID.class), new Order(row.getString(2), row.getInt(3), row.getBytes(4))))
                .list());
    }

    @Override
    public Committed committed(int shard) {
        return database.read(jdbc -> CommittedRow.read(jdbc, shard));
    }

    /** Closes the loop's connections; to be called when the loop has ended. */
    @Override
    public void close() {
        loop.close();
        claims.close();
    }
}
