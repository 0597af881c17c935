package io.myelin.matrix.event;

import io.myelin.matrix.id.EventId;
import java.util.Optional;

/** Reads which event an edit replaces. Client-server API, "Event replacements". */
public final class Replacement {
    private static final String ENCRYPTED = "m.room.encrypted";

    private Replacement() {}

    /**
     * The event that this one edits; empty if it edits none, or has no new content. Whether the edit is permitted is not
     * checked.
     *
     * @param body an event as canonical JSON
     */
    public static Optional<EventId> target(byte[] body) {
        return Relation.of(body)
                .filter(relation -> relation.is(Relation.REPLACE) && isEdit(body))
                .map(Relation::target);
    }

    /** Whether an event that has a relation of type {@code m.replace} has what an edit needs besides. */
    public static boolean isEdit(byte[] body) {
        return PduBytes.find(body, "state_key") == null && hasNewContent(body, PduBytes.contentSlice(body));
    }

    /** In an encrypted event the new content is in the ciphertext, so it counts as present. */
    private static boolean hasNewContent(byte[] body, ByteSlice content) {
        ByteSlice value = PduBytes.find(content, "m.new_content");
        if (value != null) {
            return value.array()[value.offset()] == '{';
        }
        ByteSlice type = PduBytes.find(body, "type");
        return type != null && type.toString().equals('"' + ENCRYPTED + '"');
    }
}
