package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.NumberedEvents;
import io.myelin.contracts.room.RoomQueries.ResolvedPlace;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import io.myelin.roomserver.storage.StateReplacementTable.Replacement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads events of a room as they read now: a redacted event is pruned and comes with its redaction, which may be pruned too.
 */
public final class StoredEvents {

    /** An event, its redaction, and the event that it replaced. */
    private static final String JOINED = """
              FROM event e
              LEFT JOIN LATERAL (SELECT r.*, %s AS is_redacted FROM event r
                                  WHERE r.shard = e.shard AND r.seq = coalesce(e.redacted_by,
                                        (SELECT y.seq FROM event y WHERE y.shard = e.shard AND y.redacts = e.event_id
                                          ORDER BY y.seq LIMIT 1)) LIMIT 1) x ON true
              LEFT JOIN LATERAL (SELECT b.body, %s AS is_redacted
                                   FROM event b WHERE b.shard = e.shard AND b.seq = e.replaces) p ON true
            """.formatted(EventTable.isRedacted("r"), EventTable.isRedacted("b"));

    static final String STORED =
            "SELECT %s, %s, x.is_redacted AS x_is_redacted, p.body AS p_body, p.is_redacted AS p_is_redacted\n"
                            .formatted(EventTable.columns("e"), EventTable.columns("x"))
                    + JOINED;

    /** The sizes of events, without reading them. */
    static final String SIZES = """
            SELECT e.seq, octet_length(e.body) + coalesce(octet_length(x.body), 0)
                   + coalesce(octet_length(p.body), 0) AS bytes
            """ + JOINED;

    private static final String BYTES = "SELECT sum(octet_length(body)) FROM event WHERE shard = ? AND seq = ANY (?)";

    private static final String PAGE =
            " WHERE e.shard = ? AND e.room = ? AND (e.anchor, e.back) > (?, ?) AND (e.anchor, e.back) < (?, ?)";

    /** Steps from each live event to the one before it, past any history that was found in between. */
    private static final String NEWEST_LIVE = """
            WITH RECURSIVE live (anchor) AS (
                (SELECT anchor FROM event WHERE shard = ? AND room = ? AND anchor IS NOT NULL
                  ORDER BY anchor DESC, back DESC LIMIT 1)
                UNION ALL
                SELECT (SELECT e.anchor FROM event e
                         WHERE e.shard = ? AND e.room = ? AND e.anchor < l.anchor AND e.anchor >= ?
                         ORDER BY e.anchor DESC, e.back DESC LIMIT 1)
                  FROM live l WHERE l.anchor IS NOT NULL)
            SELECT anchor FROM live WHERE anchor IS NOT NULL LIMIT ?""";

    private static final String LIVE =
            "SELECT seq FROM event WHERE shard = ? AND room = ? AND anchor = ANY (?) AND back = 0 ORDER BY anchor";

    private static final String STATE = """
            SELECT DISTINCT ON (type, state_key) event FROM state_history
             WHERE shard = ? AND room = ? AND seq > ? AND seq <= ?
             ORDER BY type, state_key, seq DESC""";

    private static final String STATE_OF_TYPES = """
            SELECT s.event FROM unnest(?) AS w (type), LATERAL (
                SELECT DISTINCT ON (state_key) event FROM state_history
                 WHERE shard = ? AND room = ? AND type = w.type AND seq > ? AND seq <= ?
                 ORDER BY state_key, seq DESC) s""";

    private static final String STATE_OF_KEYS = """
            SELECT s.event FROM unnest(?, ?) AS w (type, state_key), LATERAL (
                SELECT event FROM state_history
                 WHERE shard = ? AND room = ? AND type = w.type AND state_key = w.state_key
                   AND seq > ? AND seq <= ?
                 ORDER BY seq DESC LIMIT 1) s""";

    private static final String HISTORY = """
            SELECT seq, event FROM state_history
             WHERE shard = ? AND room = ? AND type = ? AND state_key = ? ORDER BY seq""";

    private static final String RESOLVED = """
            SELECT type, state_key, max(seq) FROM state_change
             WHERE shard = ? AND room = ? GROUP BY type, state_key""";

    private final JdbcClient jdbc;
    private final RoomRow room;
    private final RoomVersion version;
    private final StoredEventRows rows;

    public StoredEvents(JdbcClient jdbc, RoomRow room) {
        this.jdbc = jdbc;
        this.room = room;
        this.version = RoomVersions.find(room.version()).orElseThrow();
        this.rows = new StoredEventRows(room.id(), version);
    }

    /** The numbers of the newest events that are still sticky. */
    public long[] sticky() {
        return StoredStickyEvents.of(jdbc, room.shard(), room.number()).getOrDefault(room.number(), new long[0]);
    }

    /** The numbers of the newest live events, oldest first. */
    public long[] newest(int limit) {
        int shard = room.shard();
        long number = room.number();
        Long[] anchors = jdbc.sql(NEWEST_LIVE)
                .params(shard, number, shard, number, room.begins().anchor(), limit)
                .query((row, _) -> row.getLong(1))
                .list()
                .toArray(Long[]::new);
        return toArray(jdbc.sql(LIVE)
                .params(shard, number, anchors)
                .query((row, _) -> row.getLong(1))
                .list());
    }

    /** The size of these events' bodies, in bytes. */
    public long bytesOf(long[] numbers) {
        return jdbc.sql(BYTES)
                .params(room.shard(), boxed(numbers))
                .query((row, _) -> row.getLong(1))
                .single();
    }

    /** @param end whether there are no events beyond the page */
    public record Page(List<StoredEvent> events, boolean end) {}

    /** Events strictly between two places, at most {@code limit}, and no more than a page holds. */
    public Page between(RoomPlace from, RoomPlace before, boolean backward, int limit) {
        RoomPlace after = room.shownAfter(from);
        String order = backward ? " ORDER BY e.anchor DESC, e.back DESC LIMIT ?" : " ORDER BY e.anchor, e.back LIMIT ?";
        List<EventSize> found = jdbc.sql(SIZES + PAGE + order)
                .params(
                        room.shard(),
                        room.number(),
                        after.anchor(),
                        after.back(),
                        before.anchor(),
                        before.back(),
                        limit + 1)
                .query((row, _) -> EventSize.read(row))
                .list();
        List<Long> page = EventSize.heldByAPage(found, limit);
        return new Page(ofNumbers(page), page.size() == found.size());
    }

    /** How large these events are. */
    List<EventSize> sizes(List<Long> numbers) {
        Map<Long, EventSize> found = new HashMap<>();
        jdbc.sql(SIZES + " WHERE e.shard = ? AND e.room = ? AND e.seq = ANY (?)")
                .params(room.shard(), room.number(), numbers.toArray(Long[]::new))
                .query((row, _) -> EventSize.read(row))
                .list()
                .forEach(sized -> found.put(sized.number(), sized));
        return numbers.stream()
                .map(number -> found.getOrDefault(number, new EventSize(number, 0)))
                .toList();
    }

    /** The first of these events, as many as an answer holds. */
    public NumberedEvents numbered(long[] numbers) {
        List<Long> wanted =
                Arrays.stream(numbers).limit(RoomQueries.PAGE_EVENTS).boxed().toList();
        List<Long> page = EventSize.heldByAPage(sizes(wanted), RoomQueries.PAGE_EVENTS);
        return new NumberedEvents(ofNumbers(page), page.size());
    }

    /** Visits each of the events, with no more than a page of them in memory at a time. */
    void forEach(List<Long> numbers, Consumer<StoredEvent> each) {
        List<EventSize> left =
                sizes(numbers.stream().filter(number -> number != 0).distinct().toList());
        while (!left.isEmpty()) {
            List<Long> page = EventSize.heldByAPage(left, RoomQueries.PAGE_EVENTS);
            ofNumbers(page).forEach(each);
            left = left.subList(page.size(), left.size());
        }
    }

    public Optional<StoredEvent> find(EventId id) {
        byte @Nullable [] bytes = EventIds.bytes(id, version.eventFormat());
        return bytes == null
                ? Optional.empty()
                : jdbc.sql(STORED + " WHERE e.event_id = ? AND e.shard = ? AND e.room = ? AND (e.anchor, e.back) >= (?, ?)")
                        .params(
                                bytes,
                                room.shard(),
                                room.number(),
                                room.begins().anchor(),
                                room.begins().back())
                        .query((row, _) -> rows.read(row))
                        .optional();
    }

    /**
     * The numbers of the events of the state after a position.
     *
     * @param type the type of the wanted events; null for all
     */
    public long[] stateNumbers(long seq, @Nullable String type) {
        ReplacedState replaced = ReplacedState.asOf(jdbc, room, seq);
        List<Long> numbers = new ArrayList<>();
        if (type == null) {
            numbers.addAll(replaced.events());
            numbers.addAll(jdbc.sql(STATE)
                    .params(room.shard(), room.number(), replaced.since(), seq)
                    .query((row, _) -> row.getLong(1))
                    .list());
        } else if (type.indexOf('\0') < 0) {
            numbers.addAll(replaced.events(List.of(type)));
            numbers.addAll(ofTypes(List.of(type), replaced, seq));
        }
        return toArray(numbers.stream().filter(number -> number != 0).toList());
    }

    private List<Long> ofTypes(List<String> types, ReplacedState replaced, long seq) {
        return jdbc.sql(STATE_OF_TYPES)
                .params(types.toArray(String[]::new), room.shard(), room.number(), replaced.since(), seq)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** The wanted part of the state after a position. */
    public List<StoredEvent> stateAt(long seq, List<Wanted> wanted) {
        List<String> types = new ArrayList<>();
        List<String> typesOfKeys = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (Wanted each : wanted) {
            String key = each.stateKey();
            if (each.type().indexOf('\0') >= 0 || (key != null && key.indexOf('\0') >= 0)) {
                continue;
            }
            if (key == null) {
                types.add(each.type());
            } else {
                typesOfKeys.add(each.type());
                keys.add(key);
            }
        }
        ReplacedState replaced = ReplacedState.asOf(jdbc, room, seq);
        List<Long> seqs = new ArrayList<>(replaced.events(types));
        seqs.addAll(replaced.events(typesOfKeys, keys));
        if (!types.isEmpty()) {
            seqs.addAll(ofTypes(types, replaced, seq));
        }
        if (!keys.isEmpty()) {
            seqs.addAll(jdbc.sql(STATE_OF_KEYS)
                    .params(
                            typesOfKeys.toArray(String[]::new),
                            keys.toArray(String[]::new),
                            room.shard(),
                            room.number(),
                            replaced.since(),
                            seq)
                    .query((row, _) -> row.getLong(1))
                    .list());
        }
        return ofNumbers(seqs);
    }

    /** The events that one place of the state ever had, oldest first. */
    public List<StateSince> history(String type, String stateKey) {
        if (type.indexOf('\0') >= 0 || stateKey.indexOf('\0') >= 0) {
            return List.of();
        }
        record Row(long seq, long event) {}
        List<Row> rows = new ArrayList<>(jdbc.sql(HISTORY)
                .params(room.shard(), room.number(), type, stateKey)
                .query((row, _) -> new Row(row.getLong("seq"), row.getLong("event")))
                .list());
        if (room.replaced() != 0) {
            StoredPlaces places = new StoredPlaces(jdbc, room);
            List<Long> ever = places.sentFor(type, stateKey);
            for (Replacement each : StateReplacementTable.inRoom(jdbc, room, Long.MAX_VALUE)) {
                List<Long> then = places.within(each.state(), ever);
                rows.add(new Row(each.seq(), then.isEmpty() ? 0 : then.getFirst()));
            }
            rows.sort(Comparator.comparingLong(Row::seq));
        }
        Map<Long, StoredEvent> events = new HashMap<>();
        forEach(rows.stream().map(Row::event).toList(), stored -> events.put(stored.number(), Access.only(stored)));
        return rows.stream()
                .map(row -> new StateSince(row.seq(), events.get(row.event())))
                .toList();
    }

    /** The newest live event before which history was found; 0 for none. */
    public long historyAt(RoomTables tables) {
        return tables.histories.newest(jdbc, room);
    }

    /** The events that each state has at some places, in the order of the states. */
    public List<List<StoredEvent>> inStates(List<Long> states, List<Wanted> wanted) {
        StoredPlaces places = new StoredPlaces(jdbc, room);
        List<Long> sent = new ArrayList<>();
        for (Wanted each : wanted) {
            String key = each.stateKey();
            if (key != null && each.type().indexOf('\0') < 0 && key.indexOf('\0') < 0) {
                sent.addAll(places.sentFor(each.type(), key));
            }
        }
        Map<Long, StoredEvent> events = new HashMap<>();
        forEach(sent, stored -> events.put(stored.number(), Access.only(stored)));
        List<List<StoredEvent>> found = new ArrayList<>();
        for (Long state : states) {
            found.add(places.within(state, sent).stream().map(events::get).toList());
        }
        return found;
    }

    /** The numbers of all events of a state. */
    public long[] inState(long state) {
        return toArray(new StoredStates(jdbc, room.shard()).events(state).toList());
    }

    /** The places of the state that have ever changed by a resolution, with the number of the last such change. */
    public List<ResolvedPlace> resolved() {
        return jdbc.sql(RESOLVED)
                .params(room.shard(), room.number())
                .query((row, _) -> new ResolvedPlace(row.getString(1), row.getString(2), row.getLong(3)))
                .list();
    }

    /** The newest edits of these events that are by the same sender and not redacted; a few for each. */
    public List<StoredEvent> editsOf(List<EventId> originals) {
        return new StoredEdits(jdbc, room, this).of(originals);
    }

    /** The events of these numbers, in the given order. */
    List<StoredEvent> ofNumbers(List<Long> numbers) {
        if (numbers.isEmpty()) {
            return List.of();
        }
        Map<Long, StoredEvent> events = new HashMap<>();
        jdbc.sql(STORED + " WHERE e.shard = ? AND e.seq = ANY (?)")
                .params(
                        room.shard(),
                        numbers.stream()
                                .filter(number -> number != 0)
                                .distinct()
                                .toArray(Long[]::new))
                .query((row, _) -> rows.read(row))
                .list()
                .forEach(stored -> events.put(stored.number(), stored));
        return numbers.stream()
                .distinct()
                .flatMap(number -> Stream.ofNullable(events.get(number)))
                .toList();
    }

    private static Long[] boxed(long[] numbers) {
        return Arrays.stream(numbers).boxed().toArray(Long[]::new);
    }

    private static long[] toArray(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
