package io.myelin.contracts.typing;

import io.myelin.contracts.EntityMessage;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/**
 * A member types, or no longer does. Client-server API, "Typing Notifications".
 *
 * @param timeoutMillis how long the member counts as typing unless they send this again; 0 if they stopped
 */
public record SetTyping(RoomId room, UserId user, long timeoutMillis) implements EntityMessage {
    @Override
    public String entity() {
        return room.value();
    }
}
