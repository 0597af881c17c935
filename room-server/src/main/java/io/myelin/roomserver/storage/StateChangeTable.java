package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomFact.StateChange;
import io.myelin.contracts.room.RoomFact.StateResolved;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.LogRow;
import io.myelin.postgres.TableRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of the state changes that came with a resolution, or with the promotion of an outlier. */
final class StateChangeTable {

    private static final String CHANGES = """
            SELECT seq, type, state_key, replaced, event, membership FROM state_change
             WHERE shard = ? AND seq = ANY (?) ORDER BY seq, type, state_key""";

    private static final String ROOMS = "SELECT room_id, number FROM room WHERE shard = ? AND room_id = ANY (?)";

    final TableRows rows = TableRows.insert(
            "state_change",
            of("shard", Type.INT),
            of("seq", Type.LONG),
            of("room", Type.LONG),
            of("type", Type.TEXT),
            of("state_key", Type.TEXT),
            of("replaced", Type.LONG),
            of("event", Type.LONG),
            of("membership", Type.TEXT));

    void write(int shard, long seq, StateResolved resolved) {
        for (StateChange change : resolved.changes()) {
            rows.add(
                    shard,
                    seq,
                    resolved.created(),
                    change.type(),
                    change.stateKey(),
                    change.replaced() == 0 ? null : change.replaced(),
                    change.event() == 0 ? null : change.event(),
                    change.membership());
        }
    }

    /** Writes when an event that was known before became part of the current state, since its own number is older. */
    void write(int shard, long seq, RoomEvent event) {
        String stateKey = event.stateKey();
        if (event.number() != 0 && stateKey != null && !event.outsideCurrentState()) {
            rows.add(
                    shard,
                    seq,
                    event.created(),
                    event.type(),
                    stateKey,
                    event.replaces() == 0 ? null : event.replaces(),
                    event.number(),
                    MembershipTable.membership(event).orElse(null));
        }
    }

    /** @param log the rows of the log, which refer to rooms by their IDs */
    Map<Long, RoomFact> facts(JdbcClient jdbc, int shard, List<LogRow> log) {
        Map<Long, List<StateChange>> changes = new HashMap<>();
        jdbc.sql(CHANGES)
                .params(shard, log.stream().map(LogRow::seq).toArray(Long[]::new))
                .query(row -> {
                    changes.computeIfAbsent(row.getLong("seq"), _ -> new ArrayList<>())
                            .add(new StateChange(
                                    row.getString("type"),
                                    row.getString("state_key"),
                                    row.getLong("replaced"),
                                    row.getLong("event"),
                                    row.getString("membership")));
                });
        Map<String, Long> rooms = new HashMap<>();
        String[] ids = log.stream().map(LogRow::reference).distinct().toArray(String[]::new);
        jdbc.sql(ROOMS).params(shard, ids).query(row -> {
            rooms.put(row.getString(1), row.getLong(2));
        });
        Map<Long, RoomFact> facts = new HashMap<>();
        for (LogRow row : log) {
            String room = Objects.requireNonNull(row.reference());
            Long number = rooms.get(room);
            // A row older than the room belongs to an earlier room with the same ID, which was purged.
            if (number != null && number < row.seq()) {
                facts.put(
                        row.seq(),
                        new StateResolved(new RoomId(room), number, changes.getOrDefault(row.seq(), List.of())));
            }
        }
        return facts;
    }
}
