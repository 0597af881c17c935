package io.myelin.matrix.event;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
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
        byte[] content = PduBytes.content(body);
        ByteSlice relation = PduBytes.find(content, "m.relates_to");
        if (relation == null
                || relation.array()[relation.offset()] != '{'
                || PduBytes.find(body, "state_key") != null) {
            return Optional.empty();
        }
        JsonObject fields = JsonParser.parseObject(relation.toByteArray(), JsonRules.LENIENT_EVENTS);
        boolean replaces = fields.string("rel_type").filter("m.replace"::equals).isPresent();
        return replaces && hasNewContent(body, content)
                ? fields.string("event_id").flatMap(EventId::tryParse)
                : Optional.empty();
    }

    /** In an encrypted event the new content is in the ciphertext, so it counts as present. */
    private static boolean hasNewContent(byte[] body, byte[] content) {
        ByteSlice value = PduBytes.find(content, "m.new_content");
        if (value != null) {
            return value.array()[value.offset()] == '{';
        }
        ByteSlice type = PduBytes.find(body, "type");
        return type != null && type.toString().equals('"' + ENCRYPTED + '"');
    }
}
