package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.ThreadRoots;
import io.myelin.matrix.id.EventId;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the threads of a room by walking back over the events in threads. A thread stands where its newest event does. */
public final class StoredThreads {
    private static final int STEP = 500;

    private static final String WALK = """
            SELECT e.anchor, e.back, related_to(e.body) AS root FROM event e
             WHERE e.shard = ? AND e.room = ? AND in_thread(e.body) AND (e.anchor, e.back) >= (?, ?)
               AND related_to(e.body) IS NOT NULL AND (e.anchor, e.back) < (?, ?) AND NOT %s
             ORDER BY e.anchor DESC, e.back DESC LIMIT ?""".formatted(EventTable.isRedacted("e"));

    /** Which of these threads have events at a place or beyond. */
    private static final String LATER =
            """
            SELECT w.root FROM unnest(?) AS w (root) WHERE EXISTS (
                SELECT FROM event l WHERE l.shard = ? AND %s AND l.room = ? AND in_thread(l.body)
                   AND (l.anchor, l.back) >= (?, ?) AND NOT %s)""".formatted(StoredRelations.relates("l", "= w.root"), EventTable.isRedacted("l"));

    private record InThread(RoomPlace place, String root) {}

    private final JdbcClient jdbc;
    private final RoomRow room;
    private final StoredEvents events;

    public StoredThreads(JdbcClient jdbc, RoomRow room) {
        this.jdbc = jdbc;
        this.room = room;
        this.events = new StoredEvents(jdbc, room);
    }

    /** The roots of the threads whose newest event lies before a place. */
    public ThreadRoots before(RoomPlace before, int limit) {
        List<StoredEvent> roots = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        RoomPlace at = before;
        for (int walked = 0; walked < ThreadRoots.MOST_WALKED; walked += STEP) {
            List<InThread> step = walk(at);
            Map<String, RoomPlace> fresh = new LinkedHashMap<>();
            for (InThread one : step) {
                if (seen.add(one.root())) {
                    fresh.put(one.root(), one.place());
                }
            }
            fresh.keySet().removeAll(later(fresh.keySet(), before));
            for (Map.Entry<String, RoomPlace> thread : fresh.entrySet()) {
                EventId.tryParse(thread.getKey()).flatMap(events::find).ifPresent(roots::add);
                if (roots.size() == limit) {
                    return new ThreadRoots(roots, thread.getValue(), false);
                }
            }
            if (step.size() < STEP) {
                return new ThreadRoots(roots, at, true);
            }
            at = step.getLast().place();
        }
        return new ThreadRoots(roots, at, false);
    }

    private List<InThread> walk(RoomPlace before) {
        return jdbc.sql(WALK)
                .withQueryTimeout(StoredBundles.MOST_SECONDS)
                .params(
                        room.shard(),
                        room.number(),
                        room.begins().anchor(),
                        room.begins().back(),
                        before.anchor(),
                        before.back(),
                        STEP)
                .query((row, _) ->
                        new InThread(new RoomPlace(row.getLong("anchor"), row.getInt("back")), row.getString("root")))
                .list();
    }

    private List<String> later(Set<String> roots, RoomPlace than) {
        return roots.isEmpty() || than.equals(RoomPlace.END)
                ? List.of()
                : jdbc.sql(LATER)
                        .withQueryTimeout(StoredBundles.MOST_SECONDS)
                        .params(roots.toArray(String[]::new), room.shard(), room.number(), than.anchor(), than.back())
                        .query((row, _) -> row.getString(1))
                        .list();
    }
}
