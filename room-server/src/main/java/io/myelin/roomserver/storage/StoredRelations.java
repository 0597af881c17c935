package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RelatedQuery;
import io.myelin.contracts.room.RoomPlace;
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
    private static final int MOST_LOOKED_AT = 5_000;

    /** How often a page goes on if nothing of what was looked at is wanted. */
    private static final int MOST_PARTS = 4;

    /** An SQL condition: whether the event of a row has a place, and relates to the events of the next parameter. */
    static String relates(String alias, String targets) {
        return "related_to(%1$s.body) %2$s AND related_to(%1$s.body) IS NOT NULL AND %1$s.anchor IS NOT NULL"
                .formatted(alias, targets);
    }

    private static final String OF_LEVEL = """
            SELECT e.event_id FROM event e WHERE e.shard = ? AND %s AND e.room = ?
             ORDER BY e.anchor DESC, e.back DESC LIMIT ?""".formatted(relates("e", "= ANY (?)"));

    /** What relates to the targets between two places; in what order is filled in. */
    private static final String LOOKED_AT = "SELECT %s FROM event c WHERE c.shard = ? AND " + relates("c", "= ANY (?)")
            + " AND c.room = ? AND (c.anchor, c.back) > (?, ?) AND (c.anchor, c.back) < (?, ?)"
            + " ORDER BY %s LIMIT ?";

    private static final String PAGE = """
             WHERE e.shard = ? AND e.seq IN (%s)
               AND position(? IN e.body) > 0 AND position(? IN e.body) > 0
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
        RelatedQuery rest = query.after(room.shownAfter(query.after()));
        for (int part = 1; ; part++) {
            StoredEvents.Page page = page(rest, targets);
            if (!page.events().isEmpty() || !page.end() || part == MOST_PARTS) {
                return page;
            }
            // Nothing of what was looked at is wanted; there may be more.
            RoomPlace last = lastLookedAt(rest, targets);
            if (last == null) {
                return page;
            }
            rest = rest.backward() ? rest.before(last) : rest.after(last);
        }
    }

    private StoredEvents.Page page(RelatedQuery query, String[] targets) {
        int limit = Math.clamp(query.limit(), 1, RoomQueries.PAGE_EVENTS);
        List<EventSize> found = jdbc.sql(StoredEvents.SIZES
                        + PAGE.formatted(
                                LOOKED_AT.formatted("c.seq", order("c", query.backward())),
                                EventTable.isRedacted("e"),
                                order("e", query.backward())))
                .withQueryTimeout(StoredBundles.MOST_SECONDS)
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
                        member("rel_type", query.relType()),
                        member("type", query.type()),
                        limit + 1)
                .query((row, _) -> EventSize.read(row))
                .list();
        List<Long> page = EventSize.heldByAPage(found, limit);
        boolean end = page.size() == found.size()
                && (found.isEmpty()
                        || (query.relType() == null && query.type() == null)
                        || lastLookedAt(query, targets) == null);
        return new StoredEvents.Page(events.ofNumbers(page), end);
    }

    /** The place of the last event that a page looks at, if there may be more beyond it. */
    private @Nullable RoomPlace lastLookedAt(RelatedQuery query, String[] targets) {
        return jdbc.sql(LOOKED_AT.formatted("c.anchor, c.back", order("c", query.backward())) + " OFFSET ?")
                .withQueryTimeout(StoredBundles.MOST_SECONDS)
                .params(
                        room.shard(),
                        targets,
                        room.number(),
                        query.after().anchor(),
                        query.after().back(),
                        query.before().anchor(),
                        query.before().back(),
                        1,
                        MOST_LOOKED_AT - 1)
                .query((row, _) -> new RoomPlace(row.getLong("anchor"), row.getInt("back")))
                .optional()
                .orElse(null);
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

    /** The bytes of a member with this value, as canonical JSON has them; none, which every body has, for any value. */
    static byte[] member(String name, @Nullable String value) {
        if (value == null) {
            return new byte[0];
        }
        String json = new String(CanonicalJson.encode(Json.of(value)), StandardCharsets.UTF_8);
        return ('"' + name + "\":" + json).getBytes(StandardCharsets.UTF_8);
    }
}
