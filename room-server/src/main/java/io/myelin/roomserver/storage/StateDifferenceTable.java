package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.StateDifference;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.Arrays;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of states that are stored as differences from others. */
final class StateDifferenceTable {

    private static final String FACTS = """
            SELECT d.seq, r.room_id, d.room, d.state, d.base, d.level, d.steps, d.numbers
              FROM state_difference d JOIN room r ON r.shard = d.shard AND r.number = d.room
             WHERE d.shard = ? AND d.state = ANY (?)""";

    final TableRows rows = TableRows.insert(
            "state_difference",
            of("shard", Type.INT),
            of("state", Type.LONG),
            of("base", Type.LONG),
            of("seq", Type.LONG),
            of("room", Type.LONG),
            of("level", Type.INT),
            of("steps", Type.INT),
            of("numbers", Type.BYTES));

    void write(int shard, long seq, StateDifference difference) {
        rows.add(
                shard,
                difference.state(),
                difference.base(),
                seq,
                difference.created(),
                difference.level(),
                difference.steps(),
                difference.numbers());
    }

    /** @param keys names of states */
    List<Numbered<RoomFact>> facts(JdbcClient jdbc, int shard, String[] keys) {
        Long[] states = Arrays.stream(keys).map(Long::valueOf).toArray(Long[]::new);
        return jdbc.sql(FACTS)
                .params(shard, states)
                .query((row, _) -> new Numbered<RoomFact>(
                        row.getLong("seq"),
                        new StateDifference(
                                new RoomId(row.getString("room_id")),
                                row.getLong("room"),
                                row.getLong("state"),
                                row.getLong("base"),
                                row.getInt("level"),
                                row.getInt("steps"),
                                row.getBytes("numbers"))))
                .list();
    }
}
