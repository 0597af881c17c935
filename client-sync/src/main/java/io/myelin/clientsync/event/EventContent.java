package io.myelin.clientsync.event;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.ByteSlice;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Single fields of an event's content, found in its bytes without parsing them. */
public final class EventContent {
    private static final String NONE = "leave";

    private EventContent() {}

    /** The field if it is a string. */
    public static @Nullable String string(RoomEvent event, String field) {
        return stringIn(PduBytes.content(event.body()), field);
    }

    /** @param object canonical JSON of an object */
    public static @Nullable String stringIn(byte[] object, String field) {
        ByteSlice value = PduBytes.find(object, field);
        if (value == null || value.array()[value.offset()] != '"') {
            return null;
        }
        String text = new String(value.array(), value.offset() + 1, value.length() - 2, StandardCharsets.UTF_8);
        if (text.indexOf('\\') < 0) {
            return text;
        }
        return JsonParser.parse(value.toByteArray()) instanceof JsonString(String unescaped) ? unescaped : null;
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
