package io.myelin.roomserver.storage;

import io.myelin.matrix.event.PrevEvents;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.room.EventsBehind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Walks back through events that are none of the room, a query for all that are as far away. */
final class StoredEventsBehind {

    private static final String VERSION = "SELECT version FROM room WHERE shard = ? AND number = ?";

    private static final String BY_NUMBER =
            "SELECT seq, event_id, standing, body FROM event WHERE shard = ? AND room = ? AND seq = ANY (?)";

    private static final String BY_ID =
            "SELECT seq, event_id, standing, body FROM event WHERE shard = ? AND room = ? AND event_id = ANY (?)";

    /** @param prevEvents nothing for an event at which the walk ends */
    private record Passed(EventId id, boolean isOfRoom, List<EventId> prevEvents) {}

    private final Connection connection;
    private final int shard;
    private final long room;
    private final RoomVersion version;
    private final Map<EventId, Passed> passed = new HashMap<>();

    StoredEventsBehind(Connection connection, int shard, long room) throws SQLException {
        this.connection = connection;
        this.shard = shard;
        this.room = room;
        this.version = new Sql(connection, VERSION, shard, room)
                .first(row -> RoomVersions.find(row.getString(1)).orElseThrow())
                .orElseThrow();
    }

    EventsBehind of(List<Long> events) throws SQLException {
        record Start(long number, Passed event) {}
        List<Start> starts = new Sql(connection, BY_NUMBER, shard, room, events.toArray(Long[]::new))
                .list(row -> new Start(row.getLong("seq"), read(row)));
        walk(starts.stream().map(Start::event).toList());
        return new EventsBehind(
                starts.stream().collect(Collectors.toMap(Start::number, start -> nearest(start.event()))));
    }

    private void walk(List<Passed> from) throws SQLException {
        List<Passed> level = from;
        for (int step = 0; step < EventsBehind.MOST_LEVELS && !level.isEmpty(); step++) {
            byte[][] next = level.stream()
                    .flatMap(event -> event.prevEvents().stream())
                    .distinct()
                    .filter(id -> !passed.containsKey(id))
                    .limit(Math.max(0, EventsBehind.MOST_EVENTS - passed.size()))
                    .flatMap(id -> Stream.ofNullable(EventIds.bytes(id, version.eventFormat())))
                    .toArray(byte[][]::new);
            level = next.length == 0 ? List.of() : new Sql(connection, BY_ID, shard, room, next).list(this::read);
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
        Passed event = new Passed(id, standing == null, prevEvents);
        passed.put(id, event);
        return event;
    }

    private Set<EventId> nearest(Passed start) {
        Set<EventId> nearest = new HashSet<>();
        Set<EventId> seen = new HashSet<>();
        Deque<Passed> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            Passed event = open.remove();
            if (event.isOfRoom()) {
                nearest.add(event.id());
            }
            open.addAll(known(event.prevEvents(), seen));
        }
        return nearest;
    }

    private Collection<Passed> known(List<EventId> ids, Set<EventId> seen) {
        return ids.stream()
                .filter(seen::add)
                .map(passed::get)
                .filter(Objects::nonNull)
                .toList();
    }
}
