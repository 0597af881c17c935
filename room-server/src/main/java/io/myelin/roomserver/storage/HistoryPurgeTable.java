package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.HistoryPurged;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.HistoryPurge;
import io.myelin.roomserver.room.RoomChange.HistoryDeleted;
import io.myelin.roomserver.room.RoomChange.HistoryHidden;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of purges of rooms' histories, a row for each room: a later purge hides all that an earlier one has hidden, and
 * replaces it.
 */
final class HistoryPurgeTable {

    private static final String FIND = """
            SELECT p.* FROM history_purge p JOIN room r ON r.shard = p.shard AND r.number = p.room
             WHERE r.shard = ? AND r.room_id = ?""";

    private static final String OF_NUMBER = "SELECT * FROM history_purge WHERE shard = ? AND room = ?";

    private static final String UNFINISHED = """
            SELECT p.*, r.room_id FROM history_purge p JOIN room r ON r.shard = p.shard AND r.number = p.room
             WHERE p.shard = ? AND NOT p.complete""";

    private static final String FACTS = """
            SELECT p.seq, p.room, p.anchor, p.back, r.room_id
              FROM history_purge p JOIN room r ON r.shard = p.shard AND r.number = p.room
             WHERE p.shard = ? AND p.seq = ANY (?)""";

    final TableRows rows = TableRows.upsert(
            "history_purge",
            2,
            of("shard", Type.INT),
            of("room", Type.LONG),
            of("seq", Type.LONG),
            of("anchor", Type.LONG),
            of("back", Type.INT),
            of("kept", Type.TEXT),
            of("step", Type.INT),
            of("after_anchor", Type.LONG),
            of("after_back", Type.INT),
            of("complete", Type.BOOLEAN));

    void write(int shard, long seq, HistoryHidden hidden) {
        HistoryPurged fact = hidden.published();
        RoomPlace begins = new RoomPlace(fact.anchor(), fact.back());
        write(shard, HistoryPurge.begun(fact.created(), seq, begins, hidden.kept()));
    }

    void write(int shard, HistoryDeleted deleted) {
        write(shard, deleted.purge());
    }

    private void write(int shard, HistoryPurge purge) {
        ServerName kept = purge.kept();
        rows.add(
                shard,
                purge.created(),
                purge.number(),
                purge.begins().anchor(),
                purge.begins().back(),
                kept == null ? null : kept.value(),
                purge.step(),
                purge.after().anchor(),
                purge.after().back(),
                purge.complete());
    }

    /** The newest purge of the history of a room that is known. */
    Optional<HistoryPurge> find(JdbcClient jdbc, int shard, RoomId room) {
        return jdbc.sql(FIND)
                .params(shard, room.value())
                .query((row, _) -> read(row))
                .optional();
    }

    Optional<HistoryPurge> ofNumber(JdbcClient jdbc, int shard, long room) {
        return jdbc.sql(OF_NUMBER)
                .params(shard, room)
                .query((row, _) -> read(row))
                .optional();
    }

    /** The purges of a shard that are not complete. */
    List<UnfinishedHistoryPurge> unfinished(JdbcClient jdbc, int shard) {
        return jdbc.sql(UNFINISHED)
                .param(shard)
                .query((row, _) -> {
                    HistoryPurge purge = read(row);
                    return new UnfinishedHistoryPurge(
                            new RoomId(row.getString("room_id")), purge.created(), purge.number(), purge.step());
                })
                .list();
    }

    /** The facts of these numbers that no later purge has superseded. */
    List<Numbered<RoomFact>> facts(JdbcClient jdbc, int shard, List<Long> numbers) {
        return jdbc.sql(FACTS)
                .params(shard, numbers.toArray(Long[]::new))
                .query((row, _) -> new Numbered<RoomFact>(
                        row.getLong("seq"),
                        new HistoryPurged(
                                new RoomId(row.getString("room_id")),
                                row.getLong("room"),
                                row.getLong("anchor"),
                                row.getInt("back"))))
                .list();
    }

    private static HistoryPurge read(ResultSet row) throws SQLException {
        @Nullable String kept = row.getString("kept");
        return new HistoryPurge(
                row.getLong("room"),
                row.getLong("seq"),
                new RoomPlace(row.getLong("anchor"), row.getInt("back")),
                kept == null ? null : new ServerName(kept),
                row.getInt("step"),
                new RoomPlace(row.getLong("after_anchor"), row.getInt("after_back")),
                row.getBoolean("complete"));
    }
}
