package io.myelin.contracts.room;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;

/**
 * A room as administrators see it in a list.
 *
 * @param joined how many users are in it
 * @param joinedLocal how many of them are of this server
 * @param stateEvents how many state events it has had
 * @param state the newest state event of each of {@link #TYPES}, with an empty state key, without those that are larger than
 *     {@value #MOST_BYTES} bytes
 */
public record ListedRoom(
        RoomId room,
        String version,
        boolean published,
        long joined,
        long joinedLocal,
        long stateEvents,
        List<Value> state) {

    /** Larger events are left out. */
    public static final int MOST_BYTES = 4_096;

    /** How many rooms an answer has at most. */
    public static final int PAGE = 200;

    public static final List<String> TYPES = List.of(
            "m.room.create",
            "m.room.name",
            "m.room.topic",
            "m.room.avatar",
            "m.room.canonical_alias",
            "m.room.encryption",
            "m.room.join_rules",
            "m.room.guest_access",
            "m.room.history_visibility",
            "m.room.tombstone");

    /** @param content a JSON object */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Value(String type, UserId sender, byte[] content) {}
}
