package io.myelin.contracts.account;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/**
 * What the user had set for a room has followed into its replacement. The changed account data are facts of their own. It has
 * no place in the log: nobody follows it, and a replay has a hole instead.
 *
 * @param from the room that was replaced
 * @param to its replacement
 */
public record RoomInherited(UserId user, RoomId from, RoomId to) implements AccountFact {}
