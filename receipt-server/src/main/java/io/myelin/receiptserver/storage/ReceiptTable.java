package io.myelin.receiptserver.storage;

import io.myelin.contracts.Position;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptsDropped;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code receipt}. */
final class ReceiptTable {
    private static final String NO_THREAD = "";
    private static final String SELECT = """
            SELECT seq, room_id, user_id, type, thread, event_id, event_shard, event_incarnation, event_seq, read_at
              FROM receipt WHERE shard = ? AND\s""";

    /** The number of a type in the table is its index here plus 1. */
    private static final List<String> TYPES = List.of(Receipt.PUBLIC, Receipt.PRIVATE, Receipt.FULLY_READ);

    final TableRows rows = TableRows.upsert(
            "receipt",
            5,
            Column.of("shard", Type.INT),
            Column.of("room_id", Type.TEXT),
            Column.of("user_id", Type.TEXT),
            Column.of("type", Type.SMALLINT),
            Column.of("thread", Type.TEXT),
            Column.of("seq", Type.LONG),
            Column.of("event_id", Type.TEXT),
            Column.of("event_shard", Type.INT),
            Column.of("event_incarnation", Type.LONG),
            Column.of("event_seq", Type.LONG),
            Column.of("read_at", Type.LONG));

    /** Runs after {@link #rows}. A receipt that the same transaction set after the drop stays. */
    final TableRows dropped = TableRows.deleteOlder(
            "receipt",
            3,
            Column.of("shard", Type.INT),
            Column.of("room_id", Type.TEXT),
            Column.of("user_id", Type.TEXT),
            Column.of("seq", Type.LONG));

    /** A row, with the number of the fact that last changed it. */
    record Row(long seq, ReceiptMoved fact) {

        NumberedReceipt receipt() {
            return new NumberedReceipt(seq, fact.receipt());
        }
    }

    void put(int shard, long seq, ReceiptMoved fact) {
        Receipt receipt = fact.receipt();
        rows.add(
                shard,
                fact.room().value(),
                receipt.user().value(),
                (short) (TYPES.indexOf(receipt.type()) + 1),
                Objects.requireNonNullElse(receipt.thread(), NO_THREAD),
                seq,
                receipt.event().value(),
                receipt.at().shard(),
                receipt.at().incarnation(),
                receipt.at().seq(),
                receipt.timestamp());
    }

    void drop(int shard, long seq, ReceiptsDropped fact) {
        dropped.add(shard, fact.room().value(), fact.user().value(), seq);
    }

    /** All receipts of a room. */
    List<Row> in(JdbcClient jdbc, int shard, RoomId room) {
        return read(jdbc.sql(SELECT + "room_id = ?").params(shard, room.value()));
    }

    /** The receipts of some rooms, in the order of the rooms by code point. */
    List<Row> in(JdbcClient jdbc, int shard, List<RoomId> rooms, int limit) {
        String[] ids = rooms.stream().map(RoomId::value).toArray(String[]::new);
        return read(jdbc.sql(SELECT + "room_id = ANY (?) ORDER BY room_id COLLATE \"C\" LIMIT ?")
                .params(shard, ids, limit));
    }

    /** The receipts of one user in a room. */
    List<Row> of(JdbcClient jdbc, int shard, RoomId room, UserId user) {
        return read(jdbc.sql(SELECT + "room_id = ? AND user_id = ?").params(shard, room.value(), user.value()));
    }

    /** The receipts with these numbers that were neither moved nor dropped since, in order of their numbers. */
    List<Row> standing(JdbcClient jdbc, int shard, List<Long> seqs) {
        return read(jdbc.sql(SELECT + "seq = ANY (?) ORDER BY seq").params(shard, seqs.toArray(Long[]::new)));
    }

    /** The numbers after {@code after} of receipts that were neither moved nor dropped since, in order. */
    List<Long> standingAfter(JdbcClient jdbc, int shard, long after, int limit) {
        return jdbc.sql("SELECT seq FROM receipt WHERE shard = ? AND seq > ? ORDER BY seq LIMIT ?")
                .params(shard, after, limit)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    private static List<Row> read(JdbcClient.StatementSpec query) {
        return query.query((row, _) -> new Row(row.getLong("seq"), fact(row))).list();
    }

    private static ReceiptMoved fact(ResultSet row) throws SQLException {
        String thread = row.getString("thread");
        Position at =
                new Position(row.getInt("event_shard"), row.getLong("event_incarnation"), row.getLong("event_seq"));
        return new ReceiptMoved(
                new RoomId(row.getString("room_id")),
                new Receipt(
                        new UserId(row.getString("user_id")),
                        TYPES.get(row.getShort("type") - 1),
                        thread.equals(NO_THREAD) ? null : thread,
                        new EventId(row.getString("event_id")),
                        at,
                        row.getLong("read_at")));
    }
}
