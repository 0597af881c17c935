package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the edits ({@code m.replace}) of events of a room. */
final class StoredEdits {
    /** How many edits of an event are looked at, newest first, whoever sent them. */
    private static final int MOST_CANDIDATES = 200;

    private static final String EDITS = """
            SELECT t.seq FROM unnest(?) AS w (target), LATERAL (
                SELECT e.seq FROM event e WHERE e.shard = ? AND e.edits = w.target AND e.room = ? AND (e.anchor, e.back) >= (?, ?)
                 ORDER BY e.seq DESC LIMIT %d) t""".formatted(MOST_CANDIDATES);

    private static final String SENT = "SELECT event_id, body FROM event WHERE shard = ? AND event_id = ANY (?)";

    private final JdbcClient jdbc;
    private final RoomRow room;
    private final StoredEvents events;
    private final RoomVersion version;

    StoredEdits(JdbcClient jdbc, RoomRow room, StoredEvents events) {
        this.jdbc = jdbc;
        this.room = room;
        this.events = events;
        this.version = RoomVersions.find(room.version()).orElseThrow();
    }

    /** The newest edits of these events that are by the same sender and not redacted; a few for each. */
    List<StoredEvent> of(List<EventId> originals) {
        Map<EventId, String> senders = new HashMap<>();
        byte[][] targets = originals.stream()
                .map(original -> EventIds.bytes(original, version.eventFormat()))
                .filter(Objects::nonNull)
                .toArray(byte[][]::new);
        List<Long> candidates = jdbc.sql(EDITS)
                .params(
                        targets,
                        room.shard(),
                        room.number(),
                        room.begins().anchor(),
                        room.begins().back())
                .query((row, _) -> row.getLong(1))
                .list();
        if (candidates.isEmpty()) {
            return List.of();
        }
        jdbc.sql(SENT).params(room.shard(), targets).query(row -> {
            senders.put(
                    EventIds.id(row.getBytes("event_id"), version.eventFormat()),
                    EventTable.text(row.getBytes("body"), "sender"));
        });
        NewestEdits edits = new NewestEdits(senders);
        events.forEach(candidates.stream().sorted(Comparator.reverseOrder()).toList(), edits::offer);
        return edits.found();
    }
}
