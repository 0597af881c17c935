package io.myelin.receiptserver.receipt;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/**
 * The key of an entity of the engine: one user in one room. A command neither loads nor waits for the receipts of other
 * users in the room.
 */
public record ReaderKey(RoomId room, UserId user) {

    /**
     * The key of a command that changes nothing in any case: it is refused, or names no user. Its entity never has
     * receipts.
     */
    static final String NOTHING = "nothing";

    /** A character that no identifier contains. */
    private static final char SEPARATOR = '\0';

    public String text() {
        return room.value() + SEPARATOR + user.value();
    }

    /** Whether a key names a user in a room, and is not {@link #NOTHING}. */
    public static boolean isSomebodys(String text) {
        return !text.equals(NOTHING);
    }

    /** Undoes {@link #text}. */
    public static ReaderKey parse(String text) {
        int end = text.indexOf(SEPARATOR);
        return new ReaderKey(new RoomId(text.substring(0, end)), new UserId(text.substring(end + 1)));
    }
}
