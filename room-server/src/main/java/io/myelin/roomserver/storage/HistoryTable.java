package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.HistoryInserted;
import io.myelin.contracts.room.RoomFact.InsertedEvent;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.HistoryBefore;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of history that was found later, before a live event. */
final class HistoryTable {

    private static final String INSERTED = """
            SELECT e.seq, e.back, e.event_id, e.body, r.room_id, r.version
              FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room
             WHERE e.shard = ? AND e.room = ? AND e.anchor = ? AND e.back BETWEEN ? AND ? ORDER BY e.back""";

    /** The places that a fact gave to events. The log refers to the fact by them. */
    private record Places(long room, long anchor, int lowest, int highest) {

        static Places of(HistoryInserted history) {
            return new Places(
                    history.created(),
                    history.anchor(),
                    history.events().getFirst().back(),
                    history.events().getLast().back());
        }

        static Places parse(String reference) {
            String[] parts = reference.split(":", -1);
            return new Places(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]));
        }

        String reference() {
            return room + ":" + anchor + ":" + lowest + ":" + highest;
        }
    }

    final TableRows rows = TableRows.upsert(
            "history",
            3,
            of("shard", Type.INT),
            of("room", Type.LONG),
            of("anchor", Type.LONG),
            of("lowest", Type.INT));

    void write(int shard, HistoryInserted history) {
        rows.add(
                shard,
                history.created(),
                history.anchor(),
                history.events().getFirst().back());
    }

    static String reference(HistoryInserted history) {
        return Places.of(history).reference();
    }

    HistoryBefore before(JdbcClient jdbc, int shard, long room, long anchor) {
        return new HistoryBefore(jdbc.sql("SELECT lowest FROM history WHERE shard = ? AND room = ? AND anchor = ?")
                .params(shard, room, anchor)
                .query((row, _) -> row.getInt(1))
                .optional()
                .orElse(0));
    }

    /** The newest live event of a room before which history was found; 0 for none. */
    long newest(JdbcClient jdbc, RoomRow room) {
        return jdbc.sql("SELECT anchor FROM history WHERE shard = ? AND room = ? ORDER BY anchor DESC LIMIT 1")
                .params(room.shard(), room.number())
                .query((row, _) -> row.getLong(1))
                .optional()
                .orElse(0L);
    }

    /** The facts of these numbers, found by their references in the log. */
    Map<Long, RoomFact> facts(JdbcClient jdbc, int shard, Map<Long, String> references) {
        Map<Long, RoomFact> facts = new HashMap<>();
        for (Map.Entry<Long, String> each : references.entrySet()) {
            fact(jdbc, shard, Places.parse(each.getValue())).ifPresent(fact -> facts.put(each.getKey(), fact));
        }
        return facts;
    }

    private static Optional<HistoryInserted> fact(JdbcClient jdbc, int shard, Places places) {
        record Row(RoomId room, InsertedEvent event) {}
        List<Row> rows = jdbc.sql(INSERTED)
                .params(shard, places.room(), places.anchor(), places.lowest(), places.highest())
                .query((row, _) -> new Row(
                        new RoomId(row.getString("room_id")),
                        new InsertedEvent(
                                EventIds.id(row.getBytes("event_id"), EventTable.format(row.getString("version"))),
                                EventTable.text(row.getBytes("body"), "type"),
                                row.getLong("seq"),
                                row.getInt("back"))))
                .list();
        return rows.stream()
                .findFirst()
                .map(first -> new HistoryInserted(
                        first.room(),
                        places.room(),
                        places.anchor(),
                        rows.stream().map(Row::event).toList()));
    }
}
