package io.myelin.contracts.typing;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;

/** Who is typing in a room: all of them, in the order in which they began. */
public record RoomTyping(RoomId room, List<UserId> users) {}
