package io.myelin.clientroomsend;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.SentEvent;
import io.myelin.contracts.room.StateLinks;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.matrix.json.JsonParser;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Makes an event of a room; without further wishes an empty message of Alice's that follows the room's newest event. */
final class FakeEvents {
    private final RoomId room;
    private final String version;
    private String id = "$event";
    private UserId sender = UserId.parse("@alice:localhost");
    private String type = "m.room.message";
    private @Nullable String stateKey;
    private String content = "{}";
    private StateLinks links = new StateLinks(1, 0, 0);

    private FakeEvents(RoomId room, String version) {
        this.room = room;
        this.version = version;
    }

    static FakeEvents in(RoomId room, String version) {
        return new FakeEvents(room, version);
    }

    FakeEvents id(String eventId) {
        this.id = eventId;
        return this;
    }

    FakeEvents by(UserId user) {
        this.sender = user;
        return this;
    }

    FakeEvents state(String stateType, String key) {
        this.type = stateType;
        this.stateKey = key;
        return this;
    }

    FakeEvents content(String json) {
        this.content = json;
        return this;
    }

    FakeEvents links(StateLinks wanted) {
        this.links = wanted;
        return this;
    }

    RoomFact.RoomEvent event() {
        JsonObjectBuilder body = JsonObject.builder()
                .put("type", type)
                .put("sender", sender.value())
                .put("room_id", room.value())
                .put("content", JsonParser.parseObject(content.getBytes(StandardCharsets.UTF_8)));
        if (stateKey != null) {
            body.put("state_key", stateKey);
        }
        return new RoomFact.RoomEvent(
                room,
                version,
                new SentEvent(EventId.parse(id), type, stateKey, sender, 0, CanonicalJson.encode(body.build())),
                links);
    }
}
