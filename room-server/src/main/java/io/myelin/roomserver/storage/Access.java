package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.util.Set;

/**
 * Reduces a state event to the fields that decide who may see or enter a room. All events that a place of the state ever had
 * are read for that, and they may be many and large.
 */
final class Access {
    private static final Set<String> FIELDS = Set.of("membership", "history_visibility", "join_rule", "guest_access");

    /** Events up to this size, in bytes, stay as they are. */
    private static final int SMALL = 2_048;

    private Access() {}

    /**
     * The event. If it is large, only these fields of its content, without the event that it replaced and the one that
     * redacted it.
     */
    static StoredEvent only(StoredEvent stored) {
        if (bytes(stored) <= SMALL) {
            return stored;
        }
        RoomEvent event = stored.event();
        JsonObject whole = JsonParser.parseObject(event.body(), JsonRules.LENIENT_EVENTS);
        JsonObject content = whole.object("content").orElse(JsonObject.EMPTY).retain(FIELDS::contains);
        byte[] body = CanonicalJson.encode(whole.with("content", content));
        return new StoredEvent(stored.seq(), stored.back(), event.withBody(body), null, null, null);
    }

    private static int bytes(StoredEvent stored) {
        byte[] before = stored.prevContent();
        RoomEvent because = stored.redactedBecause();
        return stored.event().body().length
                + (before == null ? 0 : before.length)
                + (because == null ? 0 : because.body().length);
    }
}
