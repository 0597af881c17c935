package io.myelin.roomserver.storage;

import io.myelin.matrix.event.PrevEvents;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.room.EventsBehind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Walks back through events that have no place in the room, with one query for each step. */
final class StoredEventsBehind {

    private static final String VERSION = "SELECT version FROM room WHERE shard = ? AND number = ?";

    private static final String BY_NUMBER =
            "SELECT seq, event_id, standing, body FROM event WHERE shard = ? AND room = ? AND seq = ANY (?)";

    private static final String BY_ID =
            "SELECT seq, event_id, standing, body FROM event WHERE shard = ? AND room = ? AND event_id = ANY (?)";

    /**
     * @param isOutlier whether the event is an outlier
     * @param prevEvents empty for an event at which the walk ends
     */
    private record Passed(EventId id, boolean isOfRoom, boolean isOutlier, List<EventId> prevEvents) {}

    private final JdbcClient jdbc;
    private final int shard;
    private final long room;
    private final RoomVersion version;
    private final Map<EventId, Passed> passed = new HashMap<>();

    /** All events that were looked for. Those that were not found are unknown. */
    private final Set<EventId> lookedFor = new HashSet<>();

    StoredEventsBehind(JdbcClient jdbc, int shard, long room) {
        this.jdbc = jdbc;
        this.shard = shard;
        this.room = room;
        this.version = jdbc.sql(VERSION)
                .params(shard, room)
                .query((row, _) -> RoomVersions.find(row.getString(1)).orElseThrow())
                .optional()
                .orElseThrow();
    }

    EventsBehind of(List<Long> events) {
        record Start(long number, Passed event) {}
        List<Start> starts = jdbc.sql(BY_NUMBER)
                .params(shard, room, events.toArray(Long[]::new))
                .query((row, _) -> new Start(row.getLong("seq"), read(row)))
                .list();
        walk(starts.stream().map(Start::event).toList());
        Map<Long, Set<EventId>> nearest = new HashMap<>();
        Set<Long> beforeUnknown = new HashSet<>();
        for (Start start : starts) {
            Set<EventId> ofRoom = new HashSet<>();
            nearest.put(start.number(), ofRoom);
            if (isBeforeUnknown(start.event(), ofRoom)) {
                beforeUnknown.add(start.number());
            }
        }
        return new EventsBehind(nearest, beforeUnknown);
    }

    private void walk(List<Passed> from) {
        List<Passed> level = from;
        for (int step = 0; step < EventsBehind.MOST_LEVELS && !level.isEmpty(); step++) {
            List<EventId> ids = level.stream()
                    .flatMap(event -> event.prevEvents().stream())
                    .distinct()
                    .filter(id -> !passed.containsKey(id))
                    .limit(Math.max(0, EventsBehind.MOST_EVENTS - passed.size()))
                    .toList();
            lookedFor.addAll(ids);
            byte[][] next = ids.stream()
                    .flatMap(id -> Stream.ofNullable(EventIds.bytes(id, version.eventFormat())))
                    .toArray(byte[][]::new);
            level = next.length == 0
                    ? List.of()
                    : jdbc.sql(BY_ID)
                            .params(shard, room, next)
                            .query((row, _) -> read(row))
                            .list();
        }
    }

    private Passed read(ResultSet row) throws SQLException {
        EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
        var standing = Standings.find(row.getShort("standing"));
        boolean isPassed = standing != null
                && switch (standing) {
                    case SOFT_FAILED, REJECTED, UNPLACED -> true;
                    case OUTLIER, REJECTED_OUTLIER -> false;
                };
        List<EventId> prevEvents = isPassed ? PrevEvents.of(version.eventFormat(), row.getBytes("body")) : List.of();
        Passed event = new Passed(id, standing == null, standing != null && !isPassed, prevEvents);
        passed.put(id, event);
        return event;
    }

    /**
     * Whether an event comes after an unknown event or an outlier.
     *
     * @param nearest receives the nearest events of the room that it comes after
     */
    private boolean isBeforeUnknown(Passed start, Set<EventId> nearest) {
        boolean isBeforeUnknown = false;
        Set<EventId> seen = new HashSet<>();
        Deque<Passed> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            Passed event = open.remove();
            if (event.isOfRoom()) {
                nearest.add(event.id());
            }
            for (EventId id : event.prevEvents()) {
                Passed prev = passed.get(id);
                isBeforeUnknown |= prev == null ? lookedFor.contains(id) : prev.isOutlier();
                if (seen.add(id) && prev != null) {
                    open.add(prev);
                }
            }
        }
        return isBeforeUnknown;
    }
}
