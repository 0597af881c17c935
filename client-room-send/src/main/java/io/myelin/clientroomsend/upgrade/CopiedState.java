package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.state.StateKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state that a replacement room takes over unchanged: the events that the specification recommends, and the children of
 * a space. {@link CopiedPowerLevels} has the power levels. Client-server API, "Room Upgrades", server behaviour, 3.
 */
final class CopiedState {
    static final String SPACE_CHILD = "m.space.child";
    private static final String SPACE = "m.space";
    private static final List<String> TYPES = List.of(
            EventTypes.JOIN_RULES,
            EventTypes.HISTORY_VISIBILITY,
            EventTypes.GUEST_ACCESS,
            EventTypes.SERVER_ACL,
            EventTypes.ENCRYPTION,
            EventTypes.NAME,
            EventTypes.AVATAR,
            EventTypes.TOPIC);

    private CopiedState() {}

    static List<StateKey> keys() {
        return TYPES.stream().map(type -> new StateKey(type, "")).toList();
    }

    static boolean isSpace(RoomState room) {
        return room.text(EventTypes.CREATE, "type").filter(SPACE::equals).isPresent();
    }

    /**
     * Contents by type and state key, in order. Empty contents are left out.
     *
     * @param children of a space; none for any other room
     */
    static Map<StateKey, JsonObject> of(RoomState room, List<Pdu> children) {
        Map<StateKey, JsonObject> copied = new LinkedHashMap<>();
        for (StateKey key : keys()) {
            put(copied, key, room.content(key.type()));
        }
        // A new room allows guests by default, while a room without this event does not.
        copied.putIfAbsent(new StateKey(EventTypes.GUEST_ACCESS, ""), JsonObject.of("guest_access", "forbidden"));
        children.forEach(child -> put(copied, child.key(), child.content()));
        return copied;
    }

    private static void put(Map<StateKey, JsonObject> copied, StateKey key, JsonObject content) {
        if (!content.isEmpty() && isSendable(content)) {
            copied.put(key, content);
        }
    }

    /** Whether the content can be sent today: rooms up to version 5 may have numbers that are no longer allowed. */
    private static boolean isSendable(JsonObject content) {
        try {
            return JsonParser.parseObject(CanonicalJson.encode(content)).equals(content);
        } catch (InvalidJson historical) {
            return false;
        }
    }
}
