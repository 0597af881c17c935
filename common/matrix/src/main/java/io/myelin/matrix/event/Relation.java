package io.myelin.matrix.event;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.util.Optional;

/**
 * The relation of an event to another one. Client-server API, "Forming relationships between events".
 *
 * @param type {@code rel_type}
 * @param target the event that it relates to
 */
public record Relation(String type, EventId target) {
    public static final String REPLACE = "m.replace";
    public static final String THREAD = "m.thread";
    public static final String REFERENCE = "m.reference";
    public static final String ANNOTATION = "m.annotation";

    /**
     * The relation that an event has; empty if it has none. A reply alone ({@code m.in_reply_to}) is not one.
     *
     * @param body an event as canonical JSON
     */
    public static Optional<Relation> of(byte[] body) {
        ByteSlice relation = PduBytes.find(PduBytes.content(body), "m.relates_to");
        if (relation == null || relation.array()[relation.offset()] != '{') {
            return Optional.empty();
        }
        return ofFields(JsonParser.parseObject(relation.toByteArray(), JsonRules.LENIENT_EVENTS));
    }

    /** The relation that an event with this content has; empty if it has none. */
    public static Optional<Relation> of(JsonObject content) {
        return content.object("m.relates_to").flatMap(Relation::ofFields);
    }

    /** The {@code key} of an annotation, such as a thumb; empty if there is none. */
    public static Optional<String> annotationKey(JsonObject content) {
        return content.object("m.relates_to").flatMap(relation -> relation.string("key"));
    }

    private static Optional<Relation> ofFields(JsonObject fields) {
        return fields.string("rel_type")
                .flatMap(type ->
                        fields.string("event_id").flatMap(EventId::tryParse).map(target -> new Relation(type, target)));
    }

    public boolean is(String other) {
        return type.equals(other);
    }
}
