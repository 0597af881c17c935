package io.myelin.matrix.event;

import java.nio.charset.StandardCharsets;

/** How large an event may be. Client-server API, "Size limits". */
public final class EventLimits {
    /** Limit of the whole event, as canonical JSON with its signatures. */
    public static final int MAX_EVENT_BYTES = 65_536;

    /** Limit of {@code sender}, {@code room_id}, {@code state_key}, {@code type} and {@code event_id} each. */
    public static final int MAX_FIELD_BYTES = 255;

    public static final int MAX_PREV_EVENTS = 20;
    static final int MAX_AUTH_EVENTS = 10;

    private EventLimits() {}

    /** @throws EventTooLarge if the event or one of its fields is too large */
    static void check(Pdu event) {
        if (event.bytes().length > MAX_EVENT_BYTES) {
            throw new EventTooLarge(
                    "The event has " + event.bytes().length + " bytes, at most " + MAX_EVENT_BYTES + " are allowed.");
        }
        checkField("sender", event.sender().value());
        checkField("room_id", event.roomId().value());
        checkField("type", event.type());
        checkField("event_id", event.eventId().value());
        String stateKey = event.stateKey();
        if (stateKey != null) {
            checkField("state_key", stateKey);
        }
    }

    private static void checkField(String name, String value) {
        if (value.length() * 3 > MAX_FIELD_BYTES) {
            int bytes = value.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_FIELD_BYTES) {
                throw new EventTooLarge("The event's " + name + " has " + bytes + " bytes, at most " + MAX_FIELD_BYTES
                        + " are allowed.");
            }
        }
    }
}
