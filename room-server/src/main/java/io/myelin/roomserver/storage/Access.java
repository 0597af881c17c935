package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.util.Set;

/**
 * What of a state event decides who may see or enter a room. Everything that a place of the state ever had is read for
 * that, and anybody may have written anything there, often.
 */
final class Access {
    private static final Set<String> FIELDS = Set.of("membership", "history_visibility", "join_rule", "guest_access");

    /** Up to here an event stays as it is. */
    private static final int SMALL = 2_048;

    private Access() {}

    /** The event; of a large one's content these fields alone, and nothing of what it replaced or what redacted it. */
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
