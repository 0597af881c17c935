package io.myelin.roomserver.receive;

import io.myelin.matrix.event.EventTooLarge;
import io.myelin.matrix.event.InvalidEvent;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.room.EventFormat;
import io.myelin.matrix.room.RoomVersion;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;

/** Check 1: the PDU must be an event of the room and of the room's version. If it is not, it is dropped. */
public final class FormatCheck {

    private static final int HASH_BYTES = 32;

    /** Says why a PDU is not an event of the room. */
    public static final class NoEvent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoEvent(String message) {
            // This is an answer, not a defect, so nobody reads its stack trace.
            super(message, null, false, false);
        }
    }

    private FormatCheck() {}

    /** @throws NoEvent if the body is not an event of the room */
    public static Pdu parse(RoomVersion version, RoomId room, byte[] body) {
        Pdu event;
        try {
            event = Pdu.parse(version, body);
        } catch (InvalidJson | InvalidEvent | EventTooLarge invalid) {
            throw new NoEvent(String.valueOf(invalid.getMessage()));
        }
        if (!event.roomId().equals(room)) {
            throw new NoEvent("The event is of the room " + event.roomId() + ".");
        }
        if (!Stream.concat(event.prevEvents().stream(), event.authEvents().stream())
                .allMatch(cited -> canBe(cited, version.eventFormat()))) {
            throw new NoEvent("The event cites others by what cannot be their IDs.");
        }
        if (hasNul(event)) {
            throw new NoEvent("The event's type, state_key and sender must not have the character U+0000.");
        }
        return event;
    }

    /** As {@link #parse}, without the reason. */
    public static Optional<Pdu> tryParse(RoomVersion version, RoomId room, byte[] body) {
        try {
            return Optional.of(parse(version, room, body));
        } catch (NoEvent invalid) {
            return Optional.empty();
        }
    }

    /** Whether an event of this version can have the ID. An event with an impossible ID would be awaited for ever. */
    public static boolean canBe(EventId id, EventFormat format) {
        return switch (format) {
            case V1 -> id.serverName().isPresent();
            case V3 ->
                hash(id, Base64.getDecoder())
                        .map(EventId::ofReferenceHashInVersion3)
                        .filter(id::equals)
                        .isPresent();
            case V4, V6, V11, V12 ->
                hash(id, Base64.getUrlDecoder())
                        .map(EventId::ofReferenceHash)
                        .filter(id::equals)
                        .isPresent();
        };
    }

    private static Optional<byte[]> hash(EventId id, Base64.Decoder base64) {
        try {
            return Optional.of(base64.decode(id.value().substring(1))).filter(hash -> hash.length == HASH_BYTES);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** PostgreSQL's text cannot contain U+0000, and no client sends it. */
    private static boolean hasNul(Pdu event) {
        String stateKey = event.stateKey();
        return event.type().indexOf('\0') >= 0
                || event.eventId().value().indexOf('\0') >= 0
                || event.sender().value().indexOf('\0') >= 0
                || (stateKey != null && stateKey.indexOf('\0') >= 0);
    }
}
