package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomQueries.PurgeProgress;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.LogRow;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.HistorySlice;
import io.myelin.roomserver.room.PurgedRoom;
import io.myelin.roomserver.room.RoomChange.HistoryDeleted;
import io.myelin.roomserver.room.RoomChange.HistoryHidden;
import io.myelin.roomserver.room.RoomChange.PurgeStarted;
import io.myelin.roomserver.room.RoomChange.RoomGone;
import io.myelin.roomserver.room.RoomChange.RowsDeleted;
import io.myelin.roomserver.room.RoomChange.ShutdownEnded;
import io.myelin.roomserver.room.RoomRemains;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of rooms that are being purged, and the rows that a purge deletes from other tables. It is written last, so that
 * rows which the same transaction inserts are deleted too.
 */
final class PurgeTable {

    private static final String FIND = "SELECT room, step FROM purge WHERE shard = ? AND room_id = ? AND gone";

    /** A purge that is under way takes precedence over completed ones. */
    private static final String PROGRESS = """
            SELECT CASE WHEN gone THEN 1 ELSE 0 END AS progress FROM purge WHERE shard = ? AND room_id = ?
             UNION ALL SELECT 2 FROM log WHERE shard = ? AND reference = ? AND kind = 20
             ORDER BY progress LIMIT 1""";

    private static final String UNFINISHED = """
            SELECT p.room_id, p.room, p.gone, p.step,
                   (SELECT count(*) FROM membership m
                     WHERE m.shard = p.shard AND m.room = p.room AND m.membership = 'join') AS joined,
                   EXISTS (SELECT FROM shutdown s
                            WHERE s.shard = p.shard AND s.room_id = p.room_id AND s.seq = p.seq - 1) AS noted
              FROM purge p WHERE p.shard = ?""";

    private final TableRows purges = TableRows.upsert(
            "purge",
            2,
            of("shard", Type.INT),
            of("room", Type.LONG),
            of("room_id", Type.TEXT),
            of("seq", Type.LONG),
            of("gone", Type.BOOLEAN),
            of("step", Type.INT));
    private final TableRows rooms = TableRows.delete("room", of("shard", Type.INT), of("room_id", Type.TEXT));
    private final TableRows directory = TableRows.delete("directory", of("shard", Type.INT), of("room_id", Type.TEXT));
    private final TableRows heads = TableRows.delete("room_head", of("shard", Type.INT), of("room", Type.LONG));
    private final TableRows events = TableRows.delete("event", of("shard", Type.INT), of("seq", Type.LONG));
    private final TableRows changes = TableRows.delete("state_change", of("shard", Type.INT), of("seq", Type.LONG));
    private final TableRows replacements =
            TableRows.delete("state_replacement", of("shard", Type.INT), of("seq", Type.LONG));
    private final TableRows states =
            TableRows.delete("state_difference", of("shard", Type.INT), of("state", Type.LONG));
    private final TableRows extremities = TableRows.delete(
            "backward_extremity", of("shard", Type.INT), of("room", Type.LONG), of("event", Type.LONG));
    private final TableRows early =
            TableRows.delete("early_redaction", of("shard", Type.INT), of("redaction", Type.LONG));
    private final TableRows histories =
            TableRows.delete("history", of("shard", Type.INT), of("room", Type.LONG), of("anchor", Type.LONG));
    private final TableRows historyPurges =
            TableRows.delete("history_purge", of("shard", Type.INT), of("room", Type.LONG));
    private final TableRows memberships =
            TableRows.delete("membership", of("shard", Type.INT), of("user_id", Type.TEXT), of("room", Type.LONG));
    private final TableRows forgotten =
            TableRows.delete("forgotten", of("shard", Type.INT), of("user_id", Type.TEXT), of("room_id", Type.TEXT));
    private final TableRows unpruned = TableRows.delete("unpruned", of("shard", Type.INT), of("redaction", Type.LONG));
    private final TableRows log = TableRows.delete("log", of("shard", Type.INT), of("seq", Type.LONG));
    private final TableRows open =
            TableRows.deleteOlder("purge", 2, of("shard", Type.INT), of("room", Type.LONG), of("seq", Type.LONG));
    private final TableRows done = TableRows.delete("purge", of("shard", Type.INT), of("room", Type.LONG));

    final List<TableRows> rows = List.of(
            purges,
            rooms,
            directory,
            heads,
            events,
            changes,
            replacements,
            states,
            extremities,
            early,
            histories,
            historyPurges,
            memberships,
            forgotten,
            unpruned,
            log,
            open,
            done);

    void write(int shard, long seq, PurgeStarted begun) {
        purges.add(shard, begun.created(), begun.room().value(), seq, false, 0);
    }

    void write(int shard, long seq, RoomGone purged) {
        String room = purged.room().value();
        purges.add(shard, purged.created(), room, seq, true, 0);
        rooms.add(shard, room);
        directory.add(shard, room);
        heads.add(shard, purged.created());
    }

    void write(int shard, long seq, RowsDeleted deleted) {
        RoomId room = deleted.room();
        RoomRemains remains = deleted.remains();
        purges.add(shard, remains.created(), room.value(), seq, true, deleted.step() + 1);
        remains.events().forEach(event -> events.add(shard, event));
        remains.events().forEach(event -> unpruned.add(shard, event));
        remains.resolutions().forEach(at -> changes.add(shard, at));
        remains.resolutions().forEach(at -> replacements.add(shard, at));
        remains.states().forEach(state -> states.add(shard, state));
        remains.extremities().forEach(event -> extremities.add(shard, remains.created(), event));
        remains.early().forEach(redaction -> early.add(shard, redaction));
        remains.anchors().forEach(anchor -> histories.add(shard, remains.created(), anchor));
        remains.members().forEach(user -> memberships.add(shard, user, remains.created()));
        remains.forgottenBy().forEach(user -> forgotten.add(shard, user, room.value()));
        remains.logged().forEach(fact -> log.add(shard, fact));
        historyPurges.add(shard, remains.created());
        if (remains.isNothing()) {
            done.add(shard, remains.created());
        }
    }

    /** A purge of the history supersedes the one before. */
    void write(int shard, HistoryHidden hidden) {
        if (hidden.earlier() != 0) {
            log.add(shard, hidden.earlier());
        }
    }

    void write(int shard, HistoryDeleted deleted) {
        HistorySlice slice = deleted.slice();
        slice.events().forEach(event -> events.add(shard, event));
        slice.events().forEach(event -> unpruned.add(shard, event));
        slice.extremities().forEach(event -> extremities.add(shard, deleted.purge().created(), event));
        slice.logged().forEach(fact -> log.add(shard, fact));
    }

    /** A room that stays is not being purged any more. */
    void write(int shard, long seq, ShutdownEnded ended) {
        open.add(shard, ended.created(), seq);
    }

    /** The log itself has these facts: it refers to them by the room. */
    static Map<Long, RoomFact> facts(List<LogRow> log, Function<RoomId, RoomFact> fact) {
        return log.stream()
                .collect(Collectors.toMap(
                        LogRow::seq, row -> fact.apply(new RoomId(Objects.requireNonNull(row.reference())))));
    }

    /** The purged room of this ID that still has rows to delete. */
    Optional<PurgedRoom> find(JdbcClient jdbc, int shard, RoomId room) {
        return jdbc
                .sql(FIND)
                .params(shard, room.value())
                .query((row, _) -> new PurgedRoom(row.getLong("room"), row.getInt("step")))
                .list()
                .stream()
                .findFirst();
    }

    /** Whether users are being made to leave the room of this number, so that it can be purged. */
    boolean isClosing(JdbcClient jdbc, int shard, long room) {
        return jdbc.sql("SELECT 1 FROM purge WHERE shard = ? AND room = ? AND NOT gone")
                .params(shard, room)
                .query((row, _) -> row.getLong(1))
                .optional()
                .isPresent();
    }

    Optional<PurgeProgress> progress(JdbcClient jdbc, int shard, RoomId room) {
        return jdbc.sql(PROGRESS)
                .params(shard, room.value(), shard, room.value())
                .query((row, _) -> switch (row.getInt(1)) {
                    case 0 -> PurgeProgress.USERS_LEAVE;
                    case 1 -> PurgeProgress.ROWS_GO;
                    default -> PurgeProgress.COMPLETE;
                })
                .optional();
    }

    /** All purges of a shard that are not complete. */
    List<UnfinishedPurge> unfinished(JdbcClient jdbc, int shard) {
        return jdbc.sql(UNFINISHED)
                .param(shard)
                .query((row, _) -> new UnfinishedPurge(
                        new RoomId(row.getString("room_id")),
                        row.getLong("room"),
                        row.getBoolean("gone"),
                        row.getInt("step"),
                        row.getLong("joined"),
                        row.getBoolean("noted")))
                .list();
    }
}
