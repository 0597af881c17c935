package io.myelin.roomserver.storage;

import io.myelin.contracts.room.BundleQuery;
import io.myelin.contracts.room.BundledEvents;
import io.myelin.contracts.room.BundledEvents.ThreadSize;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what is shown with events of a room: edits, references, the size and newest event of threads. */
public final class StoredBundles {
    /** How many events that relate to the targets are looked at for one answer. */
    private static final int MOST_LOOKED_AT = 20_000;

    /** In how many bytes at the end of a body its sender is: what comes after the content. */
    private static final int AFTER_THE_CONTENT = 2_500;

    /** Seconds after which a question is given up, whoever asks it. */
    static final int MOST_SECONDS = 5;

    /**
     * What relates to each target, newest first. The sender is read from the bytes, only of events in threads, and only if
     * the viewer ignores anybody.
     */
    private static final String CHILDREN = """
        WITH child AS MATERIALIZED (
            SELECT w.target, c.* FROM unnest(?) AS w (target), LATERAL (
                SELECT e.seq, e.anchor, e.back, in_thread(e.body) AS thread,
                       position('"rel_type":"m.reference"'::bytea IN e.body) > 0 AS reference,
                       CASE WHEN in_thread(e.body) AND cardinality(?::text[]) > 0
                            THEN substring(
                                encode(substring(e.body FROM greatest(1, octet_length(e.body) - %d)), 'escape')
                                FROM '.*"sender":"(@[^"]+)"') END AS sender,
                       in_thread(e.body) AND position(? IN e.body) > 0 AS mine
                  FROM event e
                 WHERE e.shard = ? AND %s AND e.room = ? AND (e.anchor, e.back) >= (?, ?) AND e.anchor <= ? AND NOT %s
                   AND NOT EXISTS (SELECT FROM unnest(?, ?) AS h (low, high) WHERE e.anchor BETWEEN h.low AND h.high)
                 ORDER BY e.anchor DESC, e.back DESC LIMIT %d) c
             LIMIT %d),
        counted AS (
            SELECT *, thread AND (sender IS NULL OR NOT sender = ANY (
                SELECT encode(convert_to(i, 'UTF8'), 'escape') FROM unnest(?) AS x (i))) AS counts
              FROM child)
        SELECT target, count(*) FILTER (WHERE counts) AS size,
               coalesce(bool_or(mine) FILTER (WHERE counts), false) AS participated,
               (array_agg(seq ORDER BY anchor DESC, back DESC) FILTER (WHERE counts))[1:%d] AS newest,
               (array_agg(seq ORDER BY anchor DESC, back DESC) FILTER (WHERE reference))[1:%d] AS referring
          FROM counted WHERE counts OR reference
         GROUP BY target\
        """.formatted(
                    AFTER_THE_CONTENT,
                    StoredRelations.relates("e", "= w.target"),
                    EventTable.isRedacted("e"),
                    BundledEvents.MOST_COUNTED,
                    MOST_LOOKED_AT,
                    BundledEvents.NEWEST_OF_THREAD,
                    BundledEvents.MOST_REFERENCES);

    /** What relates to one target. */
    private record Related(ThreadSize thread, List<Long> newest, List<Long> referring) {}

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
        List<Related> related = related(query, targets);
        List<Long> newest = new ArrayList<>();
        related.forEach(one -> newest.addAll(one.newest()));
        List<StoredEvent> ofThreads = events.ofNumbers(held(newest));
        Map<Long, StoredEvent> found = new LinkedHashMap<>();
        Set<EventId> edited = new LinkedHashSet<>(query.targets());
        for (StoredEvent stored : ofThreads) {
            found.put(stored.number(), stored);
            edited.add(stored.event().id());
        }
        List<Long> referring = new ArrayList<>();
        related.forEach(one -> referring.addAll(one.referring()));
        if (!ofThreads.isEmpty()) {
            // What refers to the newest event of a thread is shown with it.
            String[] inThreads = ofThreads.stream()
                    .map(stored -> stored.event().id().value())
                    .toArray(String[]::new);
            related(query, inThreads).forEach(one -> referring.addAll(one.referring()));
        }
        events.ofNumbers(held(referring)).forEach(stored -> found.put(stored.number(), stored));
        long bytes = found.values().stream()
                .mapToLong(stored -> stored.event().body().length)
                .sum();
        for (StoredEvent edit : events.editsOf(List.copyOf(edited))) {
            if (edit.seq() <= query.until() && bytes <= BundledEvents.MOST_BYTES) {
                bytes += edit.event().body().length;
                found.put(edit.number(), edit);
            }
        }
        return new BundledEvents(
                List.copyOf(found.values()),
                related.stream()
                        .map(Related::thread)
                        .filter(thread -> thread.count() > 0)
                        .toList());
    }

    private List<Related> related(BundleQuery query, String[] targets) {
        String[] ignored = query.ignored().stream()
                .limit(BundleQuery.MOST_IGNORED)
                .map(UserId::value)
                .toArray(String[]::new);
        return jdbc.sql(CHILDREN)
                .withQueryTimeout(MOST_SECONDS)
                .params(
                        targets,
                        ignored,
                        StoredRelations.member("sender", query.viewer().value()),
                        room.shard(),
                        room.number(),
                        room.begins().anchor(),
                        room.begins().back(),
                        query.until(),
                        hidden(query, BundleQuery.Hidden::first),
                        hidden(query, BundleQuery.Hidden::last),
                        ignored)
                .query((row, _) -> new Related(
                        new ThreadSize(
                                new EventId(row.getString("target")),
                                row.getLong("size"),
                                row.getBoolean("participated")),
                        numbers(row.getArray("newest")),
                        numbers(row.getArray("referring"))))
                .list();
    }

    private static Long[] hidden(BundleQuery query, Function<BundleQuery.Hidden, Long> end) {
        return query.hidden().stream().map(end).toArray(Long[]::new);
    }

    private static List<Long> numbers(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : Arrays.asList((Long[]) array.getArray());
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
