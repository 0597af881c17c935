package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RelatedQuery;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the events of a room that relate to others. The index finds them by their bodies' bytes ({@code V13}), and may find
 * some more; readers parse what they get.
 */
public final class StoredRelations {
    /** How many events that relate to one are looked at for a page. */
    private static final int MOST_LOOKED_AT = 20_000;

    /** An SQL condition: whether the event of a row has a place, and relates to the events of the next parameter. */
    static String relates(String alias, String targets) {
        return "related_to(%1$s.body) %2$s AND related_to(%1$s.body) IS NOT NULL AND %1$s.anchor IS NOT NULL"
                .formatted(alias, targets);
    }

    private static final String OF_LEVEL = """
            SELECT e.event_id FROM event e WHERE e.shard = ? AND %s AND e.room = ?
             ORDER BY e.anchor DESC, e.back DESC LIMIT ?""".formatted(relates("e", "= ANY (?)"));

    private static final String PAGE = """
             WHERE e.shard = ? AND e.seq IN (
                SELECT c.seq FROM event c WHERE c.shard = ? AND %s AND c.room = ?
                   AND (c.anchor, c.back) > (?, ?) AND (c.anchor, c.back) < (?, ?)
                 ORDER BY %s LIMIT ?)
               AND (?::bytea IS NULL OR position(? IN e.body) > 0) AND (?::bytea IS NULL OR position(? IN e.body) > 0)
               AND NOT %s
             ORDER BY %s LIMIT ?""";

    private final JdbcClient jdbc;
    private final RoomRow room;
    private final StoredEvents events;
    private final RoomVersion version;

    public StoredRelations(JdbcClient jdbc, RoomRow room) {
        this.jdbc = jdbc;
        this.room = room;
        this.events = new StoredEvents(jdbc, room);
        this.version = RoomVersions.find(room.version()).orElseThrow();
    }

    /** One page; see {@link RelatedQuery}. */
    public StoredEvents.Page page(RelatedQuery query) {
        String[] targets = targets(query);
        int limit = Math.clamp(query.limit(), 1, RoomQueries.PAGE_EVENTS);
        byte @Nullable [] relType = member("rel_type", query.relType());
        byte @Nullable [] type = member("type", query.type());
        List<EventSize> found = jdbc.sql(StoredEvents.SIZES
                        + PAGE.formatted(
                                relates("c", "= ANY (?)"),
                                order("c", query.backward()),
                                EventTable.isRedacted("e"),
                                order("e", query.backward())))
                .params(
                        room.shard(),
                        room.shard(),
                        targets,
                        room.number(),
                        query.after().anchor(),
                        query.after().back(),
                        query.before().anchor(),
                        query.before().back(),
                        MOST_LOOKED_AT,
                        relType,
                        relType,
                        type,
                        type,
                        limit + 1)
                .query((row, _) -> EventSize.read(row))
                .list();
        List<Long> page = EventSize.heldByAPage(found, limit);
        return new StoredEvents.Page(events.ofNumbers(page), page.size() == found.size());
    }

    private static String order(String alias, boolean backward) {
        return (backward ? "%1$s.anchor DESC, %1$s.back DESC" : "%1$s.anchor, %1$s.back").formatted(alias);
    }

    /** The target, and those that relate to it with fewer relations between than the query allows. */
    private String[] targets(RelatedQuery query) {
        Set<String> all = new LinkedHashSet<>();
        all.add(query.target().value());
        Set<String> level = all;
        int depth = Math.clamp(query.depth(), 1, RelatedQuery.MOST_DEPTH);
        for (int at = 1; at < depth && !level.isEmpty(); at++) {
            Set<String> next = new LinkedHashSet<>();
            for (EventId id : related(level)) {
                if (!all.contains(id.value())) {
                    next.add(id.value());
                }
            }
            Set<String> more = new LinkedHashSet<>(all);
            more.addAll(next);
            all = more;
            level = next;
        }
        return all.toArray(String[]::new);
    }

    private List<EventId> related(Set<String> targets) {
        return jdbc.sql(OF_LEVEL)
                .params(room.shard(), targets.toArray(String[]::new), room.number(), RelatedQuery.MOST_OF_LEVEL)
                .query((row, _) -> EventIds.id(row.getBytes(1), version.eventFormat()))
                .list();
    }

    /** The bytes of a member with this value, as canonical JSON has them. */
    private static byte @Nullable [] member(String name, @Nullable String value) {
        if (value == null) {
            return null;
        }
        String json = new String(CanonicalJson.encode(Json.of(value)), StandardCharsets.UTF_8);
        return ('"' + name + "\":" + json).getBytes(StandardCharsets.UTF_8);
    }
}
