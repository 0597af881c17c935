package io.myelin.postgres;

import static io.myelin.postgres.Column.of;

import io.myelin.engine.Numbered;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.postgres.Column.Type;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** One batch as SQL in one prepared string: the fence first, then the service's rows and the engine's own. */
final class EngineRows<F> {

    /**
     * Updates no row of a shard whose epoch has changed. The number of updated rows is then too small, and the
     * transaction is rolled back.
     */
    private static final String FENCE = """
            UPDATE shard SET seq = n.seq, published = greatest(shard.published, n.published), attempts = 0,
                   topic_id = n.topic_id, next_offset = n.next_offset, leader_epoch = n.leader_epoch
              FROM unnest(?::int4[], ?::int8[], ?::int8[], ?::int8[], ?::uuid[], ?::int8[], ?::int4[])
                   AS n (id, epoch, seq, published, topic_id, next_offset, leader_epoch)
             WHERE shard.id = n.id AND shard.epoch = n.epoch""";

    private static final int FENCE_PARAMETERS = 7;

    private final ServiceTables<?, F> tables;
    private final TableRows log = TableRows.insert(
            "log", of("shard", Type.INT), of("seq", Type.LONG), of("kind", Type.SMALLINT), of("reference", Type.TEXT));
    private final TableRows commands = TableRows.insert("command", of("id", Type.UUID), of("answer", Type.BYTES));
    private final TableRows orderAnswers =
            TableRows.insert("order_answer", of("id", Type.UUID), of("answer", Type.BYTES));
    private final TableRows transactions =
            TableRows.insert("transaction", of("key", Type.BYTES), of("answer", Type.BYTES));
    private final TableRows orders = TableRows.insert(
            "outbox",
            of("shard", Type.INT),
            of("id", Type.UUID),
            of("topic", Type.TEXT),
            of("partition", Type.INT),
            of("command", Type.BYTES));
    private final TableRows settled = TableRows.delete("outbox", of("shard", Type.INT), of("id", Type.UUID));
    private final List<TableRows> all;

    EngineRows(ServiceTables<?, F> tables) {
        this.tables = tables;
        all = Stream.concat(
                        tables.rows().stream(), Stream.of(log, commands, orderAnswers, transactions, orders, settled))
                .toList();
    }

    /** Executes the batch's statements in one round trip; returns whether every shard still had its epoch. */
    boolean execute(Connection connection, Batch<F> batch) throws SQLException {
        all.forEach(TableRows::clear);
        batch.shards().forEach(this::write);
        List<TableRows> filled = all.stream().filter(rows -> !rows.isEmpty()).toList();
        StringBuilder sql = new StringBuilder(FENCE);
        filled.forEach(rows -> sql.append("; ").append(rows.sql()));
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            bindFence(connection, statement, batch.shards());
            int parameter = 1 + FENCE_PARAMETERS;
            for (TableRows rows : filled) {
                parameter = rows.bind(connection, statement, parameter);
            }
            statement.execute();
            if (statement.getUpdateCount() != batch.shards().size()) {
                return false;
            }
            for (TableRows rows : filled) {
                statement.getMoreResults();
                int expected = rows.expectedCount();
                if (expected >= 0 && statement.getUpdateCount() != expected) {
                    throw new SQLException(
                            statement.getUpdateCount() + " rows instead of " + expected + ": " + rows.sql(), "P0004");
                }
            }
            return true;
        }
    }

    private void bindFence(Connection connection, PreparedStatement statement, List<Batch.OfShard<F>> shards)
            throws SQLException {
        int size = shards.size();
        Integer[] ids = new Integer[size];
        Long[] epochs = new Long[size];
        Long[] seqs = new Long[size];
        Long[] published = new Long[size];
        UUID[] topics = new UUID[size];
        Long[] offsets = new Long[size];
        Integer[] leaderEpochs = new Integer[size];
        for (int i = 0; i < size; i++) {
            Batch.OfShard<F> shard = shards.get(i);
            ids[i] = shard.shard();
            epochs[i] = shard.epoch();
            seqs[i] = shard.seq();
            published[i] = shard.published();
            topics[i] = shard.position().topic();
            offsets[i] = shard.position().nextOffset();
            leaderEpochs[i] = shard.position().leaderEpoch();
        }
        statement.setArray(1, connection.createArrayOf("int4", ids));
        statement.setArray(2, connection.createArrayOf("int8", epochs));
        statement.setArray(3, connection.createArrayOf("int8", seqs));
        statement.setArray(4, connection.createArrayOf("int8", published));
        statement.setArray(5, connection.createArrayOf("uuid", topics));
        statement.setArray(6, connection.createArrayOf("int8", offsets));
        statement.setArray(7, connection.createArrayOf("int4", leaderEpochs));
    }

    private void write(Batch.OfShard<F> part) {
        int shard = part.shard();
        for (Batch.Done<F> done : part.done()) {
            long seq = done.firstSeq();
            for (F fact : done.facts()) {
                LogEntry entry = tables.entry(fact);
                if (entry != null) {
                    log.add(shard, seq, entry.kind(), entry.reference());
                }
                tables.write(shard, new Numbered<>(seq, fact));
                seq++;
            }
            if (done.id() != null) {
                (done.order() ? orderAnswers : commands).add(done.id(), done.answer());
            }
            if (done.transaction() != null) {
                transactions.add(done.transaction().bytes(), done.answer());
            }
            for (StoredOrder order : done.orders()) {
                orders.add(
                        shard,
                        order.id(),
                        order.order().topic(),
                        order.order().partition(),
                        order.order().command());
            }
        }
        part.settled().forEach(id -> settled.add(shard, id));
    }
}
