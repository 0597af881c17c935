package io.myelin.receiptserver.receipt;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/** What the engine calls an entity: one user in one room. Others of the room do not wait for them, nor are loaded. */
public record ReaderKey(RoomId room, UserId user) {

    /** Of a command that is refused whatever there is: always without receipts. */
    static final String NOTHING = "nothing";

    /** No identifier contains it. */
    private static final char SEPARATOR = '\0';

    public String text() {
        return room.value() + SEPARATOR + user.value();
    }

    /** Whether a key is somebody's, and not that of a command which is refused. */
    public static boolean isSomebodys(String text) {
        return !text.equals(NOTHING);
    }

    /** Undoes {@link #text}. */
    public static ReaderKey parse(String text) {
        int end = text.indexOf(SEPARATOR);
        return new ReaderKey(new RoomId(text.substring(0, end)), new UserId(text.substring(end + 1)));
    }
}
