package io.myelin.roomserver.federated;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.roomserver.federated.MalformedPdu.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Flaws of events that are valid except for their room, the events they cite, or their type and state key. */
final class FlawedPlaces {
    private static final RoomId ELSEWHERE = new RoomId("!elsewhere:one.example");
    private static final RoomId ELSEWHERE_BY_HASH =
            RoomId.ofCreateEvent(EventId.ofReferenceHash(Sha256.hash("elsewhere".getBytes(StandardCharsets.UTF_8))));

    private final Forgery forgery;

    private FlawedPlaces(Forgery forgery) {
        this.forgery = forgery;
    }

    static List<Flaw> all(Forgery forgery) {
        return new FlawedPlaces(forgery).gathered();
    }

    private List<Flaw> gathered() {
        RoomId elsewhere = forgery.version().roomIdIsCreateEventHash() ? ELSEWHERE_BY_HASH : ELSEWHERE;
        return Stream.of(
                        flaw(
                                "another room's ID",
                                Refusal.ROOM,
                                event -> event.json().with("room_id", elsewhere.value())),
                        flaw(
                                "a prev_event of another version",
                                Refusal.REFERENCE,
                                event -> citing("prev_events", event)),
                        flaw(
                                "an auth_event of another version",
                                Refusal.REFERENCE,
                                event -> citing("auth_events", event)),
                        flaw(
                                "U+0000 in the type",
                                Refusal.TEXT,
                                event -> event.json().with("type", "org.example.\0" + event.type())),
                        flaw(
                                "U+0000 in the state key",
                                Refusal.TEXT,
                                event -> event.json().with("state_key", event.depth() + "\0")))
                .map(flaw -> flaw.where(event -> !event.type().equals(EventTypes.CREATE)))
                .toList();
    }

    private Flaw flaw(String name, Refusal refusal, Placement placement) {
        return Flaw.ofJson(name, refusal, (event, _) -> forgery.sealed(event, placement.placed(event)));
    }

    private JsonObject citing(String name, Pdu event) {
        return event.json().with(name, JsonArray.of(impossibleReference()));
    }

    /** A reference in the form of the room's version, with an event ID in the form of another version. */
    private Json impossibleReference() {
        String hash = "A".repeat(38);
        return switch (forgery.version().eventFormat()) {
            case V1 -> JsonArray.of(Json.of("$" + hash + "AAAAA"), JsonObject.EMPTY);
            case V3 -> Json.of("$" + hash + "-_-_A");
            case V4, V6, V11, V12 -> Json.of("$" + hash + "+/+/A");
        };
    }

    private interface Placement {
        JsonObject placed(Pdu event);
    }
}
