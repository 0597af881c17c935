package io.myelin.roomserver.federated;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.roomserver.federated.MalformedPdu.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/** Flaws of events that are sound but for where they belong: in another room, or under a type or state key with U+0000. */
final class FlawedPlaces {
    private static final RoomId ELSEWHERE = new RoomId("!elsewhere:one.example");
    private static final RoomId ELSEWHERE_BY_HASH =
            RoomId.ofCreateEvent(EventId.ofReferenceHash(Sha256.hash("elsewhere".getBytes(StandardCharsets.UTF_8))));

    private FlawedPlaces() {}

    static List<Flaw> all(Forgery forgery) {
        RoomId elsewhere = forgery.version().roomIdIsCreateEventHash() ? ELSEWHERE_BY_HASH : ELSEWHERE;
        Predicate<Pdu> isCreate = event -> event.type().equals(EventTypes.CREATE);
        return List.of(
                flaw(
                                forgery,
                                "another room's ID",
                                Refusal.ROOM,
                                event -> event.json().with("room_id", elsewhere.value()))
                        .where(isCreate.negate()),
                flaw(
                                forgery,
                                "U+0000 in the type",
                                Refusal.TEXT,
                                event -> event.json().with("type", "org.example.\0" + event.type()))
                        .where(isCreate.negate()),
                flaw(
                                forgery,
                                "U+0000 in the state key",
                                Refusal.TEXT,
                                event -> event.json().with("state_key", event.depth() + "\0"))
                        .where(isCreate.negate()));
    }

    private static Flaw flaw(Forgery forgery, String name, Refusal refusal, Placement placement) {
        return Flaw.ofJson(name, refusal, (event, _) -> forgery.sealed(event, placement.placed(event)));
    }

    private interface Placement {
        JsonObject placed(Pdu event);
    }
}
