package io.myelin.roomserver.storage;

import io.myelin.contracts.room.BundleQuery;
import io.myelin.contracts.room.BundledEvents;
import io.myelin.contracts.room.BundledEvents.ThreadSize;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.EventId;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what is shown with events of a room: edits, references, the size and newest event of threads. */
public final class StoredBundles {
    /** How many events that relate to the targets are looked at for one answer. */
    private static final int MOST_LOOKED_AT = 50_000;

    /** What relates to each target, newest first; the sender is read from the bytes, and only of events in threads. */
    private static final String CHILDREN = """
            WITH child AS MATERIALIZED (
                SELECT w.target, c.* FROM unnest(?) AS w (target), LATERAL (
                    SELECT e.seq, e.anchor, e.back, in_thread(e.body) AS thread,
                           position('"rel_type":"m.reference"'::bytea IN e.body) > 0 AS reference,
                           CASE WHEN in_thread(e.body)
                                THEN substring(encode(e.body, 'escape') FROM '.*"sender":"(@[^"]{1,255})"') END AS sender
                      FROM event e
                     WHERE e.shard = ? AND %s AND e.room = ? AND e.anchor <= ? AND NOT %s
                     ORDER BY e.anchor DESC, e.back DESC LIMIT %d) c
                 LIMIT %d)
            """.formatted(
                    StoredRelations.relates("e", "= w.target"),
                    EventTable.isRedacted("e"),
                    BundledEvents.MOST_COUNTED,
                    MOST_LOOKED_AT);

    private static final String THREADS = CHILDREN + """
            SELECT target, count(*) AS size,
                   coalesce(bool_or(sender = encode(convert_to(?, 'UTF8'), 'escape')), false) AS participated,
                   (array_agg(seq ORDER BY anchor DESC, back DESC))[1:%d] AS newest
              FROM child
             WHERE thread AND sender IS NOT NULL AND NOT sender = ANY (
                SELECT encode(convert_to(i, 'UTF8'), 'escape') FROM unnest(?) AS x (i))
             GROUP BY target""".formatted(BundledEvents.NEWEST_OF_THREAD);

    private static final String REFERENCES = CHILDREN + """
            SELECT seq FROM (
                SELECT seq, row_number() OVER (PARTITION BY target ORDER BY anchor DESC, back DESC) AS n
                  FROM child WHERE reference) r
             WHERE n <= %d""".formatted(BundledEvents.MOST_REFERENCES);

    private record Thread(ThreadSize size, List<Long> newest) {}

    private final JdbcClient jdbc;
    private final RoomRow room;
    private final StoredEvents events;

    public StoredBundles(JdbcClient jdbc, RoomRow room) {
        this.jdbc = jdbc;
        this.room = room;
        this.events = new StoredEvents(jdbc, room);
    }

    public BundledEvents of(BundleQuery query) {
        String[] targets =
                query.targets().stream().map(EventId::value).distinct().toArray(String[]::new);
        List<Thread> threads = threads(query, targets);
        List<Long> numbers = new ArrayList<>();
        threads.forEach(thread -> numbers.addAll(thread.newest()));
        numbers.addAll(references(query, targets));
        Map<Long, StoredEvent> found = new LinkedHashMap<>();
        long bytes = 0;
        for (StoredEvent stored : events.ofNumbers(held(numbers))) {
            bytes += stored.event().body().length;
            found.put(stored.number(), stored);
        }
        Set<EventId> edited = new LinkedHashSet<>(query.targets());
        found.values().forEach(stored -> edited.add(stored.event().id()));
        for (StoredEvent edit : events.editsOf(List.copyOf(edited))) {
            if (edit.seq() <= query.until() && bytes <= BundledEvents.MOST_BYTES) {
                bytes += edit.event().body().length;
                found.put(edit.number(), edit);
            }
        }
        return new BundledEvents(
                List.copyOf(found.values()), threads.stream().map(Thread::size).toList());
    }

    private List<Thread> threads(BundleQuery query, String[] targets) {
        return jdbc.sql(THREADS)
                .params(
                        targets,
                        room.shard(),
                        room.number(),
                        query.until(),
                        query.viewer().value(),
                        query.ignored().stream()
                                .limit(BundleQuery.MOST_IGNORED)
                                .map(ignored -> ignored.value())
                                .toArray(String[]::new))
                .query((row, _) -> new Thread(
                        new ThreadSize(
                                new EventId(row.getString("target")),
                                row.getLong("size"),
                                row.getBoolean("participated")),
                        Arrays.asList((Long[]) row.getArray("newest").getArray())))
                .list();
    }

    private List<Long> references(BundleQuery query, String[] targets) {
        return jdbc.sql(REFERENCES)
                .params(targets, room.shard(), room.number(), query.until())
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** Those of the events that an answer holds. */
    private List<Long> held(List<Long> numbers) {
        long bytes = 0;
        List<Long> held = new ArrayList<>();
        for (EventSize size : events.sizes(numbers.stream().distinct().toList())) {
            bytes += size.bytes();
            if (!held.isEmpty() && bytes > BundledEvents.MOST_BYTES) {
                break;
            }
            held.add(size.number());
        }
        return held;
    }
}
