package io.myelin.contracts.typing;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;

/** The users who are typing in a room, in the order in which they began. */
public record RoomTyping(RoomId room, List<UserId> users) {}
