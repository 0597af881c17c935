package io.myelin.contracts.account;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/**
 * Lets what a user has set for a room follow into the room that replaces it: their tags, and its place in {@code m.direct}.
 * It counts once for each user and replacement. So it may be repeated, under any command ID, and nothing comes back that the user
 * has removed since. The sender has checked that the one room does replace the other. Client-server API, "Room Upgrades".
 *
 * @param from the room that was replaced
 * @param to its replacement
 */
public record InheritRoom(UserId user, RoomId from, RoomId to) implements AccountCommand {}
