package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.EventFormat;
import io.myelin.roomserver.room.EntityKey.OfHistorySlice;
import io.myelin.roomserver.room.HistoryPurge;
import io.myelin.roomserver.room.HistorySlice;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Loads a slice of a room's purged history, in the order of the history. These events are not deleted: state events, since
 * states consist of them; those that the room goes on from; redactions of what stays, or of what has not arrived yet, since
 * the redacted event is pruned only as long as they are there; and messages of a server's users if the purge keeps those.
 */
final class StoredHistorySlice {

    /** How many events are looked at. */
    private static final int SLICE = 1_000;

    /** Where senders matter, how many bytes of bodies are read; the slice ends with the event that goes beyond. */
    private static final long MOST_BYTES = 4 << 20;

    private static final String ROOM = "SELECT room_id FROM room WHERE shard = ? AND number = ?";

    private static final String LOOKED_AT = """
            SELECT seq, anchor, back, event_id, state_key IS NOT NULL AS is_state, redacts IS NOT NULL AS redacts,
                   octet_length(body) AS bytes
              FROM event WHERE shard = ? AND room = ? AND (anchor, back) > (?, ?) AND (anchor, back) < (?, ?)
             ORDER BY anchor, back LIMIT ?""";

    private static final String BODIES = "SELECT seq, body FROM event WHERE shard = ? AND seq = ANY (?)";

    /** Which of these redactions redact an event that stays, or wait for one. */
    private static final String IN_EFFECT = """
            SELECT r.seq FROM event r
             WHERE r.shard = ? AND r.seq = ANY (?)
               AND (EXISTS (SELECT FROM event t WHERE t.shard = r.shard AND t.event_id = r.redacts
                               AND t.seq <> ALL (?))
                 OR EXISTS (SELECT FROM event t WHERE t.shard = r.shard AND t.redacted_by = r.seq
                               AND t.seq <> ALL (?))
                 OR EXISTS (SELECT FROM early_redaction x WHERE x.shard = r.shard AND x.redaction = r.seq))""";

    private static final String EXTREMITIES =
            "SELECT event, seq FROM backward_extremity WHERE shard = ? AND room = ? AND event = ANY (?)";

    /** Facts about events that were known before, which the log refers to by the events' numbers. */
    private static final String LATER =
            "SELECT seq FROM log WHERE shard = ? AND reference = ANY (?) AND kind IN (1, 8)";

    /** Facts about inserted history, which the log refers to by the room and the live event that it was found before. */
    private static final String INSERTED = """
            SELECT seq FROM log
             WHERE shard = ? AND kind IN (12, 13) AND split_part(reference, ':', 1) = ?
               AND kind = 12 AND split_part(reference, ':', 2) = ANY (?)""";

    private record Row(long number, RoomPlace place, EventId id, boolean isState, boolean redacts, long bytes) {}

    private final JdbcClient jdbc;
    private final int shard;
    private final RoomTables tables;

    StoredHistorySlice(JdbcClient jdbc, int shard, RoomTables tables) {
        this.jdbc = jdbc;
        this.shard = shard;
        this.tables = tables;
    }

    /** The slice; nothing if the purge is not at this step, or if no hidden event is left to look at. */
    HistorySlice load(OfHistorySlice key) {
        Optional<RoomRow> room = jdbc.sql(ROOM)
                .params(shard, key.room())
                .query(String.class)
                .optional()
                .flatMap(id -> tables.rooms.find(jdbc, shard, new RoomId(id)));
        Optional<HistoryPurge> purge = tables.historyPurges
                .ofNumber(jdbc, shard, key.room())
                .filter(found -> found.number() == key.purge() && found.step() == key.step() && !found.complete());
        return room.isEmpty() || purge.isEmpty() ? HistorySlice.NOTHING : load(room.get(), purge.get());
    }

    private HistorySlice load(RoomRow room, HistoryPurge purge) {
        List<Row> rows = withinBytes(lookedAt(room, purge), purge.kept());
        if (rows.isEmpty()) {
            return HistorySlice.NOTHING;
        }
        Map<Long, Row> deleted = new TreeMap<>();
        Set<Long> extremities =
                Set.copyOf(new StoredGraph(jdbc, room).ends(tables.heads).extremities());
        rows.stream()
                .filter(row -> !row.isState() && !extremities.contains(row.number()))
                .forEach(row -> deleted.put(row.number(), row));
        deleted.keySet().removeAll(keptFor(purge.kept(), deleted.keySet()));
        deleted.keySet().removeAll(inEffect(deleted));
        Set<Long> logged = new LinkedHashSet<>(deleted.keySet());
        List<Long> backward = new ArrayList<>();
        jdbc.sql(EXTREMITIES).params(shard, room.number(), numbers(deleted)).query(row -> {
            backward.add(row.getLong("event"));
            logged.add(row.getLong("seq"));
        });
        logged.addAll(later(deleted));
        logged.addAll(inserted(room, deleted.values()));
        return new HistorySlice(
                List.copyOf(deleted.keySet()),
                deleted.values().stream().map(Row::id).toList(),
                List.copyOf(backward),
                List.copyOf(logged),
                rows.getLast().place());
    }

    private List<Row> lookedAt(RoomRow room, HistoryPurge purge) {
        EventFormat format = EventTable.format(room.version());
        return jdbc.sql(LOOKED_AT)
                .params(
                        shard,
                        room.number(),
                        purge.after().anchor(),
                        purge.after().back(),
                        purge.begins().anchor(),
                        purge.begins().back(),
                        SLICE)
                .query((row, _) -> new Row(
                        row.getLong("seq"),
                        new RoomPlace(row.getLong("anchor"), row.getInt("back")),
                        EventIds.id(row.getBytes("event_id"), format),
                        row.getBoolean("is_state"),
                        row.getBoolean("redacts"),
                        row.getLong("bytes")))
                .list();
    }

    private static List<Row> withinBytes(List<Row> rows, @Nullable ServerName kept) {
        long bytes = 0;
        for (int i = 0; kept != null && i < rows.size(); i++) {
            bytes += rows.get(i).isState() ? 0 : rows.get(i).bytes();
            if (bytes > MOST_BYTES) {
                return rows.subList(0, i + 1);
            }
        }
        return rows;
    }

    /** Those of the events that were sent by users of the server. */
    private Set<Long> keptFor(@Nullable ServerName server, Set<Long> events) {
        Set<Long> kept = new HashSet<>();
        if (server != null && !events.isEmpty()) {
            jdbc.sql(BODIES).params(shard, events.toArray(Long[]::new)).query(row -> {
                if (new UserId(EventTable.text(row.getBytes("body"), "sender")).isOn(server)) {
                    kept.add(row.getLong("seq"));
                }
            });
        }
        return kept;
    }

    private List<Long> inEffect(Map<Long, Row> deleted) {
        Long[] redactions = deleted.values().stream()
                .filter(Row::redacts)
                .map(Row::number)
                .toArray(Long[]::new);
        Long[] all = numbers(deleted);
        return redactions.length == 0
                ? List.of()
                : jdbc.sql(IN_EFFECT)
                        .params(shard, redactions, all, all)
                        .query(Long.class)
                        .list();
    }

    private List<Long> later(Map<Long, Row> deleted) {
        String[] references = deleted.keySet().stream().map(String::valueOf).toArray(String[]::new);
        return jdbc.sql(LATER).params(shard, references).query(Long.class).list();
    }

    private List<Long> inserted(RoomRow room, Collection<Row> deleted) {
        String[] anchors = deleted.stream()
                .filter(row -> row.place().isHistory())
                .map(row -> Long.toString(row.place().anchor()))
                .distinct()
                .toArray(String[]::new);
        return anchors.length == 0
                ? List.of()
                : jdbc.sql(INSERTED)
                        .params(shard, Long.toString(room.number()), anchors)
                        .query(Long.class)
                        .list();
    }

    private static Long[] numbers(Map<Long, Row> events) {
        return events.keySet().toArray(Long[]::new);
    }
}
