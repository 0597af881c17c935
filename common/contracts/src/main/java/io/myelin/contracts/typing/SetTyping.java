package io.myelin.contracts.typing;

import io.myelin.contracts.ForEntity;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/**
 * A member types, or no longer does. Client-server API, "Typing Notifications".
 *
 * @param timeoutMillis after which they no longer do unless they say so again; 0 for "no longer"
 */
public record SetTyping(RoomId room, UserId user, long timeoutMillis) implements ForEntity {
    @Override
    public String entity() {
        return room.value();
    }
}
