package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.ResolvedPlace;
import io.myelin.contracts.room.RoomQueries.RoomSnapshot;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads several rooms of one shard by a few queries for all of them, to load the rooms of a user at once. */
public final class StoredSmallRooms {
    /** A room whose state has more events is read on its own. */
    private static final int MOST_STATE = 300;

    /** How many rooms are looked at. */
    private static final int MOST_ROOMS = 200;

    private static final String ROOMS = """
            SELECT r.number, r.room_id, r.version, s.incarnation, s.seq, coalesce(d.published, false) AS published,
                   coalesce((SELECT h.seq FROM history_purge h WHERE h.shard = r.shard AND h.room = r.number), 0) AS purged
              FROM room r
              JOIN shard s ON s.id = r.shard
              LEFT JOIN directory d ON d.shard = r.shard AND d.room_id = r.room_id
             WHERE r.shard = ? AND r.room_id = ANY (?)
               AND NOT EXISTS (SELECT FROM state_replacement x WHERE x.shard = r.shard AND x.room = r.number)
               AND NOT EXISTS (SELECT FROM history h WHERE h.shard = r.shard AND h.room = r.number)""";

    private static final String TIMELINES = """
            SELECT w.room, l.seq FROM unnest(?) AS w (room)
              LEFT JOIN history_purge h ON h.shard = ? AND h.room = w.room, LATERAL (
                SELECT e.seq, e.anchor FROM event e
                 WHERE e.shard = ? AND e.room = w.room AND e.anchor >= coalesce(h.anchor, 0) AND e.back = 0
                 ORDER BY e.anchor DESC, e.back DESC LIMIT ?) l
             ORDER BY w.room, l.anchor""";

    /** One more than the most of each room, so that it is known which rooms have too many. */
    private static final String STATES = """
            SELECT w.room, s.event FROM unnest(?) AS w (room), LATERAL (
                SELECT DISTINCT ON (type, state_key) event FROM state_history
                 WHERE shard = ? AND room = w.room
                 ORDER BY type, state_key, seq DESC LIMIT %d) s""".formatted(MOST_STATE + 1);

    private static final String RESOLVED = """
            SELECT room, type, state_key, max(seq) FROM state_change
             WHERE shard = ? AND room = ANY (?) GROUP BY room, type, state_key""";

    private static final String SIZES = "SELECT seq, octet_length(body) FROM event WHERE shard = ? AND seq = ANY (?)";

    private static final long[] NONE = {};

    private record Found(
            RoomId id, long number, String version, long incarnation, long asOf, boolean published, long purgedAt) {}

    private final JdbcClient jdbc;
    private final int shard;

    private final boolean findsSticky;

    /** @param findsSticky whether the index is there that finds sticky events */
    public StoredSmallRooms(JdbcClient jdbc, int shard, boolean findsSticky) {
        this.findsSticky = findsSticky;
        this.jdbc = jdbc;
        this.shard = shard;
    }

    public List<RoomSnapshot> read(List<RoomId> ids, int timelineLimit) {
        Map<Long, Found> rooms = new LinkedHashMap<>();
        jdbc.sql(ROOMS)
                .params(
                        shard,
                        ids.stream()
                                .map(RoomId::value)
                                .filter(id -> id.indexOf('\0') < 0)
                                .limit(MOST_ROOMS)
                                .toArray(String[]::new))
                .query((row, _) -> new Found(
                        new RoomId(row.getString("room_id")),
                        row.getLong("number"),
                        row.getString("version"),
                        row.getLong("incarnation"),
                        row.getLong("seq"),
                        row.getBoolean("published"),
                        row.getLong("purged")))
                .list()
                .forEach(found -> rooms.put(found.number(), found));
        if (rooms.isEmpty()) {
            return List.of();
        }
        Long[] numbers = rooms.keySet().toArray(Long[]::new);
        Map<Long, long[]> timelines = byRoom(jdbc.sql(TIMELINES).params(numbers, shard, shard, timelineLimit));
        Map<Long, long[]> states = byRoom(jdbc.sql(STATES).params(numbers, shard));
        rooms.keySet()
                .removeIf(room -> !timelines.containsKey(room)
                        || !states.containsKey(room)
                        || states.get(room).length > MOST_STATE);
        leaveOutWhatIsTooMuch(rooms, timelines, states);
        Map<Long, StoredEvent> events = events(rooms, timelines, states);
        Map<Long, List<ResolvedPlace>> resolved = resolved(numbers);
        Map<Long, long[]> sticky = findsSticky ? StoredStickyEvents.of(jdbc, shard, numbers) : Map.of();
        return rooms.values().stream()
                .map(room -> snapshot(
                        room,
                        timelines.getOrDefault(room.number(), NONE),
                        states.getOrDefault(room.number(), NONE),
                        events,
                        resolved.getOrDefault(room.number(), List.of()),
                        sticky.getOrDefault(room.number(), NONE)))
                .toList();
    }

    private static Map<Long, long[]> byRoom(JdbcClient.StatementSpec query) {
        Map<Long, LongStream.Builder> found = new HashMap<>();
        query.query(row -> {
            long number = row.getLong(2);
            if (number != 0) {
                found.computeIfAbsent(row.getLong(1), _ -> LongStream.builder()).add(number);
            }
        });
        Map<Long, long[]> all = new HashMap<>();
        found.forEach((room, numbers) -> all.put(room, numbers.build().toArray()));
        return all;
    }

    private static LongStream of(Found room, Map<Long, long[]> timelines, Map<Long, long[]> states) {
        return LongStream.concat(
                        LongStream.of(timelines.getOrDefault(room.number(), NONE)),
                        LongStream.of(states.getOrDefault(room.number(), NONE)))
                .distinct();
    }

    private void leaveOutWhatIsTooMuch(Map<Long, Found> rooms, Map<Long, long[]> timelines, Map<Long, long[]> states) {
        Map<Long, Long> sizes = new HashMap<>();
        jdbc.sql(SIZES)
                .params(
                        shard,
                        rooms.values().stream()
                                .flatMapToLong(room -> of(room, timelines, states))
                                .boxed()
                                .toArray(Long[]::new))
                .query(row -> {
                    sizes.put(row.getLong(1), row.getLong(2));
                });
        long[] bytes = {0};
        rooms.values().removeIf(room -> {
            long its = of(room, timelines, states)
                    .map(number -> sizes.getOrDefault(number, 0L))
                    .sum();
            boolean fits = bytes[0] + its <= RoomQueries.ROOMS_BYTES;
            bytes[0] += fits ? its : 0;
            return !fits;
        });
    }

    private Map<Long, StoredEvent> events(
            Map<Long, Found> rooms, Map<Long, long[]> timelines, Map<Long, long[]> states) {
        Map<Long, StoredEventRows> rows = new HashMap<>();
        List<Long> wanted = new ArrayList<>();
        rooms.values().forEach(room -> {
            rows.put(
                    room.number(),
                    new StoredEventRows(
                            room.id(), RoomVersions.find(room.version()).orElseThrow()));
            of(room, timelines, states).forEach(wanted::add);
        });
        Map<Long, StoredEvent> events = new HashMap<>();
        jdbc.sql(StoredEvents.STORED + " WHERE e.shard = ? AND e.seq = ANY (?)")
                .params(shard, wanted.toArray(Long[]::new))
                .query(row -> {
                    StoredEventRows its = rows.get(row.getLong("e_room"));
                    if (its != null) {
                        StoredEvent stored = its.read(row);
                        events.put(stored.number(), stored);
                    }
                });
        return events;
    }

    private Map<Long, List<ResolvedPlace>> resolved(Long[] rooms) {
        Map<Long, List<ResolvedPlace>> resolved = new HashMap<>();
        jdbc.sql(RESOLVED).params(shard, rooms).query(row -> {
            resolved.computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                    .add(new ResolvedPlace(row.getString(2), row.getString(3), row.getLong(4)));
        });
        return resolved;
    }

    private RoomSnapshot snapshot(
            Found room,
            long[] timeline,
            long[] state,
            Map<Long, StoredEvent> events,
            List<ResolvedPlace> resolved,
            long[] sticky) {
        List<StoredEvent> its = LongStream.concat(LongStream.of(timeline), LongStream.of(state))
                .distinct()
                .boxed()
                .flatMap(number -> Stream.ofNullable(events.get(number)))
                .toList();
        long stateBytes = LongStream.of(state)
                .boxed()
                .flatMap(number -> Stream.ofNullable(events.get(number)))
                .mapToLong(stored -> stored.event().body().length)
                .sum();
        return new RoomSnapshot(
                room.id(),
                room.version(),
                shard,
                room.incarnation(),
                room.asOf(),
                room.published(),
                state,
                stateBytes,
                timeline,
                its,
                timeline[0] == room.number(),
                resolved,
                0,
                0,
                sticky,
                room.purgedAt());
    }
}
