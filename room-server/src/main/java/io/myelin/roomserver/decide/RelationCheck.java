package io.myelin.roomserver.decide;

import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.Relation;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.OwnAnnotation;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks what a client's event relates to. Client-server API, "Server behaviour" of relationships and of threads; as Synapse
 * does, the related event must be of the same room.
 */
final class RelationCheck {
    /** As in Synapse. */
    static final int MOST_KEY_CHARACTERS = 500;

    private static final byte[] MEMBER = EventContent.bytes("\"m.relates_to\"");

    private RelationCheck() {}

    /** The entities that a relation is checked with; none if there is no relation. */
    static List<String> keys(SendEvent command) {
        if (command.type().equals(EventTypes.REDACTION) || !EventContent.contains(command.content(), MEMBER)) {
            return List.of();
        }
        try {
            JsonObject content = JsonParser.parseObject(command.content());
            List<String> keys = new ArrayList<>();
            Relation.of(content).ifPresent(relation -> keys.add(EntityKey.of(relation.target())));
            annotation(content, command.requester().user(), command.type()).ifPresent(keys::add);
            return keys;
        } catch (InvalidJson refusedWhenDecided) {
            return List.of();
        }
    }

    /** The key of the annotation that an event with this content is; empty if it is none. */
    private static Optional<String> annotation(JsonObject content, UserId sender, String type) {
        return Relation.of(content)
                .filter(relation -> relation.is(Relation.ANNOTATION))
                .flatMap(relation -> Relation.annotationKey(content)
                        .filter(key -> key.codePointCount(0, key.length()) <= MOST_KEY_CHARACTERS)
                        .map(key -> EntityKey.ofAnnotation(relation.target(), sender, type, key)));
    }

    /**
     * Checks the relation of an event that a member of the room sends; somebody else is refused later, and learns nothing.
     *
     * @return what changes with the event: that it annotates another one
     * @throws Refusal 400 if the event cannot relate to the other one
     */
    static Map<String, RoomEntity> check(Known known, Room room, SendEvent command, JsonObject content) {
        Optional<Relation> relation = Relation.of(content);
        UserId sender = command.requester().user();
        if (relation.isEmpty() || room.membership(sender) != Membership.JOIN) {
            return Map.of();
        }
        EventEntity target = known.event(relation.get().target())
                .filter(event -> event.room().equals(room.id()) && !event.wasRejected())
                .orElseThrow(() -> refused("An event can only relate to an event of the same room."));
        if (relation.get().is(Relation.THREAD)
                && Relation.of(target.pdu().content()).isPresent()) {
            throw refused("An event that relates to another one cannot begin a thread.");
        }
        return relation.get().is(Relation.ANNOTATION) ? annotate(known, content, sender, command.type()) : Map.of();
    }

    private static Map<String, RoomEntity> annotate(Known known, JsonObject content, UserId sender, String type) {
        if (Relation.annotationKey(content).isEmpty()) {
            throw refused("An annotation needs a 'key'.");
        }
        String key = annotation(content, sender, type)
                .orElseThrow(
                        () -> refused("The key of an annotation has at most " + MOST_KEY_CHARACTERS + " characters."));
        if (known.isAnnotated(key)) {
            throw new Refusal(400, "M_DUPLICATE_ANNOTATION", "You have sent the same reaction before.");
        }
        return Map.of(key, new OwnAnnotation(true));
    }

    /** The annotations by our users that events of a decision redact: they may be sent again. */
    static Map<String, RoomEntity> withdrawn(
            Known known, Map<String, RoomEntity> changed, List<RoomChange> facts, ServerName ourselves) {
        Map<String, RoomEntity> withdrawn = new HashMap<>();
        for (RoomChange change : facts) {
            if (change.published() instanceof RoomEvent event && event.redacts() != null) {
                redacted(known, changed, event.redacts())
                        .filter(pdu -> pdu.sender().isOn(ourselves))
                        .flatMap(pdu -> annotation(pdu.content(), pdu.sender(), pdu.type()))
                        .ifPresent(key -> withdrawn.put(key, new OwnAnnotation(false)));
            }
        }
        return withdrawn;
    }

    private static Optional<Pdu> redacted(Known known, Map<String, RoomEntity> changed, EventId id) {
        return changed.get(EntityKey.of(id)) instanceof EventEntity event
                ? Optional.of(event.pdu())
                : known.event(id).map(EventEntity::pdu);
    }

    private static Refusal refused(String why) {
        return new Refusal(400, "M_UNKNOWN", why);
    }
}
