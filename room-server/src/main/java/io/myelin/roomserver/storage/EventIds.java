package io.myelin.roomserver.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.EventFormat;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Converts event IDs into the form in which the tables keep them. An ID that is a hash is kept as its 32 bytes, from which
 * the room's version makes the text. An ID of versions 1 and 2 is kept as text, padded with U+0000, which no ID contains,
 * until it is longer than a hash.
 */
final class EventIds {

    private static final int HASH_BYTES = 32;
    private static final int HASH_CHARACTERS = 43;

    private EventIds() {}

    /** The stored form of an ID; null if an event of this format cannot have the ID. */
    static byte @Nullable [] bytes(EventId id, EventFormat format) {
        return switch (format) {
            case V1 -> text(id);
            case V3 -> hash(id, format, Base64.getDecoder());
            case V4, V6, V11, V12 -> hash(id, format, Base64.getUrlDecoder());
        };
    }

    /**
     * The stored form of an ID whose room is not known. No ID has two forms: a hash has no colon, and none of its letters
     * has two meanings.
     */
    static Optional<byte[]> bytesInAnyFormat(EventId id) {
        return List.of(EventFormat.V1, EventFormat.V3, EventFormat.V4).stream()
                .map(format -> bytes(id, format))
                .filter(Objects::nonNull)
                .findFirst();
    }

    static EventId id(byte[] bytes, EventFormat format) {
        return switch (format) {
            case V1 -> new EventId(new String(bytes, 0, textLength(bytes), UTF_8));
            case V3 -> EventId.ofReferenceHashInVersion3(bytes);
            case V4, V6, V11, V12 -> EventId.ofReferenceHash(bytes);
        };
    }

    /** The IDs that an event with this stored form may have, depending on its room's version. */
    static List<EventId> possible(byte[] bytes) {
        return bytes.length == HASH_BYTES
                ? List.of(id(bytes, EventFormat.V3), id(bytes, EventFormat.V4))
                : List.of(id(bytes, EventFormat.V1));
    }

    private static byte @Nullable [] text(EventId id) {
        if (EventId.tryParse(id.value()).flatMap(EventId::serverName).isEmpty()) {
            return null;
        }
        byte[] text = id.value().getBytes(UTF_8);
        return Arrays.copyOf(text, Math.max(text.length, HASH_BYTES + 1));
    }

    private static int textLength(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return length;
    }

    private static byte @Nullable [] hash(EventId id, EventFormat format, Base64.Decoder base64) {
        if (id.value().length() != 1 + HASH_CHARACTERS) {
            return null;
        }
        try {
            byte[] hash = base64.decode(id.value().substring(1));
            return id(hash, format).equals(id) ? hash : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }
}
