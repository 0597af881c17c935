package io.myelin.matrix.event;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import java.util.Optional;

/**
 * The relation of an event to another one. Client-server API, "Forming relationships between events".
 *
 * @param type {@code rel_type}
 * @param target the event that it relates to
 */
public record Relation(String type, EventId target) {
    static final String RELATES_TO = "m.relates_to";

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
        ByteSlice relation = PduBytes.find(PduBytes.contentSlice(body), RELATES_TO);
        if (relation == null) {
            return Optional.empty();
        }
        String type = PduBytes.text(PduBytes.find(relation, "rel_type"));
        String target = PduBytes.text(PduBytes.find(relation, "event_id"));
        return type == null || target == null
                ? Optional.empty()
                : EventId.tryParse(target).map(event -> new Relation(type, event));
    }

    /** The relation that an event with this content has; empty if it has none. */
    public static Optional<Relation> of(JsonObject content) {
        return content.object(RELATES_TO).flatMap(Relation::ofFields);
    }

    /** The {@code key} of an annotation, such as a thumb; empty if there is none. */
    public static Optional<String> annotationKey(JsonObject content) {
        return content.object(RELATES_TO).flatMap(relation -> relation.string("key"));
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
