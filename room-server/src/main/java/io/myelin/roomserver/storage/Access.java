package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.PduBytes;
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
    private static final Set<String> FIELDS =
            Set.of("membership", "history_visibility", "join_rule", "guest_access");

    private Access() {}

    /** The event with these fields of its content alone. */
    static StoredEvent only(StoredEvent stored) {
        RoomEvent event = stored.event();
        JsonObject content = JsonParser.parseObject(PduBytes.content(event.body()), JsonRules.LENIENT_EVENTS);
        byte[] body = CanonicalJson.encode(JsonObject.builder()
                .put("content", content.retain(FIELDS::contains))
                .build());
        return new StoredEvent(stored.seq(), stored.back(), event.withBody(body), null, null, null);
    }
}
