package io.myelin.roomserver.storage;

import io.myelin.matrix.id.EventId;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Event IDs as the tables keep them: the 32 bytes of the hash. */
final class EventIds {

    private static final int HASH_CHARACTERS = 43;

    private EventIds() {}

    static byte[] bytes(EventId id) {
        return Base64.getUrlDecoder().decode(id.value().substring(1));
    }

    static EventId id(byte[] hash) {
        return EventId.ofReferenceHash(hash);
    }

    /** Null for what cannot be the ID of an event of ours. */
    static byte @Nullable [] bytesIfOurs(EventId id) {
        if (id.value().length() != 1 + HASH_CHARACTERS) {
            return null;
        }
        try {
            byte[] hash = bytes(id);
            return id(hash).equals(id) ? hash : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }
}
