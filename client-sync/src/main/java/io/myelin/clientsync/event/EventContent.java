package io.myelin.clientsync.event;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.PduBytes;
import org.jspecify.annotations.Nullable;

/** Single fields of an event's content, found in its bytes without parsing them. */
public final class EventContent {
    private static final String NONE = "leave";

    private EventContent() {}

    /** The field if it is a string. */
    public static @Nullable String string(RoomEvent event, String field) {
        return PduBytes.text(PduBytes.find(PduBytes.contentSlice(event.body()), field));
    }

    /** @param object canonical JSON of an object */
    public static @Nullable String stringIn(byte[] object, String field) {
        return PduBytes.text(PduBytes.find(object, field));
    }

    /** The membership of a member event; {@code leave} if there is none. */
    public static String membership(@Nullable StoredEvent member) {
        String membership = member == null ? null : string(member.event(), "membership");
        return membership == null ? NONE : membership;
    }

    /** The membership that the user had before a member event. */
    public static String membershipBefore(StoredEvent member) {
        byte[] before = member.prevContent();
        String membership = before == null ? null : stringIn(before, "membership");
        return membership == null ? NONE : membership;
    }
}
