package io.myelin.roomserver.room;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/**
 * An event that is to be redacted.
 *
 * @param stateKey null for an event that is not state
 */
public record EventEntity(
        EventId id,
        RoomId room,
        UserId sender,
        String type,
        @Nullable String stateKey) implements RoomEntity {}
