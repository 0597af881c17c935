package io.myelin.roomserver.storage;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.receive.AuthEventsCheck;
import io.myelin.roomserver.state.CitedNumbers;
import io.myelin.roomserver.state.EventNumbers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Auth chains of one room's events, as sets of numbers. An event's chain has the events that permit it, and their chains. An
 * event is taken after the events that permit it, so it has a greater number than its whole chain.
 */
final class StoredAuthChains {

    /**
     * After this many rounds, a chain is assumed to be long. Long chains lead through the earlier events of a place, so
     * these are read too.
     */
    private static final int SHORT_CHAIN = 6;

    private static final String COLUMNS = """
            e.seq, e.rests_on, CASE WHEN e.rests_on IS NULL THEN e.event_id END AS event_id,
                   CASE WHEN e.rests_on IS NULL THEN e.body END AS body""";

    private static final String EVENTS = "SELECT " + COLUMNS + " FROM event e WHERE e.shard = ? AND e.seq = ANY (?)";

    private static final String EARLIER = "SELECT " + COLUMNS + """
              FROM unnest(?) AS n (seq)
              JOIN event f ON f.shard = ? AND f.seq = n.seq
              JOIN event e ON e.shard = f.shard AND e.room = f.room AND e.type = f.type AND e.state_key = f.state_key
                   AND e.seq < f.seq
             WHERE e.type IS NOT NULL AND e.standing IS NULL""";

    private static final String NUMBERS =
            "SELECT seq, event_id FROM event WHERE shard = ? AND room = ? AND event_id = ANY (?)";

    private final JdbcClient jdbc;
    private final int shard;
    private final long room;
    private final RoomVersion version;
    private final Map<Long, List<Long>> cited = new HashMap<>();

    StoredAuthChains(JdbcClient jdbc, int shard, long room, RoomVersion version) {
        this.jdbc = jdbc;
        this.shard = shard;
        this.room = room;
        this.version = version;
    }

    /** These events and their auth chains. */
    EventNumbers with(EventNumbers events) {
        return since(0, events);
    }

    /** The events that are in some of the states or their auth chains, but not in those of all states. */
    EventNumbers difference(List<EventNumbers> states) {
        EventNumbers agreed = EventNumbers.commonTo(states);
        EventNumbers difference = apart(
                        states.stream().map(state -> state.without(agreed)).toList())
                .without(agreed);
        return difference.isEmpty()
                ? difference
                : difference.without(since(difference.first(), agreed.after(difference.first())));
    }

    /** As above, for sets of events. Only these events and their chains are looked at. */
    EventNumbers apart(List<EventNumbers> sets) {
        List<EventNumbers> chains = new ArrayList<>();
        EventNumbers some = EventNumbers.NONE;
        for (EventNumbers set : sets) {
            EventNumbers chain = with(set);
            chains.add(chain);
            some = some.unitedWith(chain);
        }
        return some.without(EventNumbers.commonTo(chains));
    }

    /** The events on the paths from one of these events to another, including these. */
    EventNumbers between(EventNumbers events) {
        if (events.isEmpty()) {
            return events;
        }
        Map<Long, List<Long>> citedBy = new HashMap<>();
        for (long number : since(events.first(), events).toArray()) {
            for (long each : cited.getOrDefault(number, List.of())) {
                citedBy.computeIfAbsent(each, _ -> new ArrayList<>()).add(number);
            }
        }
        Set<Long> between = new HashSet<>(events.toList());
        Deque<Long> open = new ArrayDeque<>(between);
        while (!open.isEmpty()) {
            citedBy.getOrDefault(open.remove(), List.of()).stream()
                    .filter(between::add)
                    .forEach(open::add);
        }
        return EventNumbers.of(between);
    }

    /** For each of these events, the newest of them that is among its auth events, if any. */
    Map<Long, Long> previous(Set<Long> events) {
        List<Long> unread =
                events.stream().filter(number -> !cited.containsKey(number)).toList();
        if (!unread.isEmpty()) {
            read(unread, false);
        }
        Map<Long, Long> previous = new HashMap<>();
        for (long number : events) {
            cited.getOrDefault(number, List.of()).stream()
                    .filter(events::contains)
                    .findFirst()
                    .ifPresent(before -> previous.put(number, before));
        }
        return previous;
    }

    /** These events and those of their auth chains that have at least this number. */
    EventNumbers since(long least, EventNumbers events) {
        Set<Long> chain = new HashSet<>(events.toList());
        Deque<Long> open = new ArrayDeque<>(chain);
        for (int round = 1; !open.isEmpty(); round++) {
            read(open.stream().filter(number -> !cited.containsKey(number)).toList(), round > SHORT_CHAIN);
            Deque<Long> unread = new ArrayDeque<>();
            while (!open.isEmpty()) {
                long number = open.remove();
                List<Long> next = cited.get(number);
                if (next == null) {
                    unread.add(number);
                } else {
                    next.stream()
                            .filter(each -> each >= least && chain.add(each))
                            .forEach(open::add);
                }
            }
            open = unread;
        }
        return EventNumbers.of(chain);
    }

    // --- reading

    private void read(Collection<Long> events, boolean withEarlier) {
        Long[] numbers = events.toArray(Long[]::new);
        Map<Long, Pdu> unnumbered = new HashMap<>();
        if (withEarlier) {
            jdbc.sql(EARLIER).params(numbers, shard).query(row -> {
                read(row, unnumbered);
            });
        }
        jdbc.sql(EVENTS).params(shard, numbers).query(row -> {
            read(row, unnumbered);
        });
        readNumbers(unnumbered);
        events.forEach(number -> cited.putIfAbsent(number, List.of()));
    }

    private void read(ResultSet row, Map<Long, Pdu> unnumbered) throws SQLException {
        long number = row.getLong("seq");
        byte @Nullable [] authEvents = row.getBytes("rests_on");
        if (authEvents == null) {
            EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
            unnumbered.put(number, Pdu.stored(version, id, row.getBytes("body")));
        } else {
            cited.put(number, CitedNumbers.parse(number, authEvents));
        }
    }

    /**
     * Finds the numbers for events without {@code rests_on}: those that are not state, or were taken by an earlier release.
     */
    private void readNumbers(Map<Long, Pdu> events) {
        byte[][] ids = events.values().stream()
                .flatMap(event -> AuthEventsCheck.authEvents(event).stream())
                .distinct()
                .map(id -> EventIds.bytes(id, version.eventFormat()))
                .filter(Objects::nonNull)
                .toArray(byte[][]::new);
        if (ids.length == 0) {
            return;
        }
        Map<EventId, Long> numbers = new HashMap<>();
        jdbc.sql(NUMBERS).params(shard, room, ids).query(row -> {
            numbers.put(EventIds.id(row.getBytes("event_id"), version.eventFormat()), row.getLong("seq"));
        });
        events.forEach((number, event) -> cited.put(
                number,
                AuthEventsCheck.authEvents(event).stream()
                        .map(numbers::get)
                        .filter(Objects::nonNull)
                        .toList()));
    }
}
