package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomPurged;
import io.myelin.contracts.room.RoomFact.RoomRemains;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.LogRow;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.PurgedRoom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The table of rooms that are being purged, and what a purge takes away from the others. It is the last to be written: what a
 * transaction makes and purges is gone.
 */
final class PurgeTable {

    private final TableRows purges = TableRows.insert(
            "purge", of("shard", Type.INT), of("room", Type.LONG), of("room_id", Type.TEXT), of("seq", Type.LONG));
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
    private final TableRows memberships =
            TableRows.delete("membership", of("shard", Type.INT), of("user_id", Type.TEXT), of("room", Type.LONG));
    private final TableRows forgotten =
            TableRows.delete("forgotten", of("shard", Type.INT), of("user_id", Type.TEXT), of("room_id", Type.TEXT));
    private final TableRows unpruned = TableRows.delete("unpruned", of("shard", Type.INT), of("redaction", Type.LONG));
    private final TableRows log = TableRows.delete("log", of("shard", Type.INT), of("seq", Type.LONG));
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
            memberships,
            forgotten,
            unpruned,
            log,
            done);

    void write(int shard, long seq, RoomPurged purged) {
        String room = purged.room().value();
        purges.add(shard, purged.created(), room, seq);
        rooms.add(shard, room);
        directory.add(shard, room);
        heads.add(shard, purged.created());
    }

    void write(int shard, RoomId room, RoomRemains remains) {
        remains.events().forEach(seq -> events.add(shard, seq));
        remains.events().forEach(seq -> unpruned.add(shard, seq));
        remains.resolutions().forEach(seq -> changes.add(shard, seq));
        remains.resolutions().forEach(seq -> replacements.add(shard, seq));
        remains.states().forEach(state -> states.add(shard, state));
        remains.extremities().forEach(event -> extremities.add(shard, remains.created(), event));
        remains.early().forEach(redaction -> early.add(shard, redaction));
        remains.anchors().forEach(anchor -> histories.add(shard, remains.created(), anchor));
        remains.members().forEach(user -> memberships.add(shard, user, remains.created()));
        remains.forgetful().forEach(user -> forgotten.add(shard, user, room.value()));
        remains.logged().forEach(seq -> log.add(shard, seq));
        if (remains.isNothing()) {
            done.add(shard, remains.created());
        }
    }

    /** The log itself keeps these facts: their rooms are gone. */
    static Map<Long, RoomFact> facts(List<LogRow> log) {
        return log.stream()
                .collect(Collectors.toMap(
                        LogRow::seq, row -> new RoomPurged(new RoomId(Objects.requireNonNull(row.reference())), 0)));
    }

    /** A room of this ID whose rows are still to go. */
    Optional<PurgedRoom> find(Connection connection, int shard, RoomId room) throws SQLException {
        return new Sql(connection, "SELECT room FROM purge WHERE shard = ? AND room_id = ?", shard, room.value())
                .first(row -> new PurgedRoom(row.getLong(1)));
    }
}
