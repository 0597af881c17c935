package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact.StateReplaced;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of the numbers at which a room's current state was replaced as a whole. */
final class StateReplacementTable {

    private static final String FACTS = """
            SELECT x.seq, r.room_id, x.room, x.state
              FROM state_replacement x JOIN room r ON r.shard = x.shard AND r.number = x.room
             WHERE x.shard = ? AND x.seq = ANY (?)""";

    private static final String OF_ROOM = """
            SELECT seq, state FROM state_replacement WHERE shard = ? AND room = ? AND seq <= ? ORDER BY seq""";

    /** @param state names the current state from the number on */
    record Replacement(long seq, long state) {}

    final TableRows rows = TableRows.insert(
            "state_replacement",
            of("shard", Type.INT),
            of("seq", Type.LONG),
            of("room", Type.LONG),
            of("state", Type.LONG));

    void write(int shard, long seq, StateReplaced replaced) {
        rows.add(shard, seq, replaced.created(), replaced.state());
    }

    List<Numbered<StateReplaced>> facts(JdbcClient jdbc, int shard, List<Long> seqs) {
        return jdbc.sql(FACTS)
                .params(shard, seqs.toArray(Long[]::new))
                .query((row, _) -> new Numbered<>(
                        row.getLong("seq"),
                        new StateReplaced(
                                new RoomId(row.getString("room_id")), row.getLong("room"), row.getLong("state"))))
                .list();
    }

    /** The replacements in a room up to a number, oldest first. */
    static List<Replacement> inRoom(JdbcClient jdbc, RoomRow room, long until) {
        return jdbc.sql(OF_ROOM)
                .params(room.shard(), room.number(), until)
                .query((row, _) -> new Replacement(row.getLong("seq"), row.getLong("state")))
                .list();
    }
}
