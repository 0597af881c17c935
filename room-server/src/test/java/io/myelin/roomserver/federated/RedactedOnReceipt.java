package io.myelin.roomserver.federated;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Events that are not what their content hash says, and are rightly signed all the same: a server takes them as redacted.
 * Server-server API, "Checks performed on receipt of a PDU", step 3.
 */
public final class RedactedOnReceipt {
    private static final String ADDED = "org.example.added";

    private RedactedOnReceipt() {}

    /** Without end, from a seed. From version 3 on, those that have the hash of an event of the room have its ID too. */
    public static Stream<Pdu> of(FederatedRoom room, long seed) {
        var forgery = new Forgery(room);
        var random = new Random(seed);
        return Stream.generate(() -> {
                    Pdu event = room.events().get(random.nextInt(room.events().size()));
                    return changed(event, forgery, random);
                })
                .map(event -> Pdu.of(room.version(), event))
                .filter(event -> room.isSigned(event) && event.roomId().equals(room.id()));
    }

    /** Some of these change what is signed, or the event that is the room's ID, and are passed over. */
    private static JsonObject changed(Pdu event, Forgery forgery, Random random) {
        JsonObject json = event.json();
        List<JsonObject> changes = List.of(
                json.with(ADDED, random.nextInt()),
                json.with("content", event.content().with(ADDED, random.nextInt())),
                forgery.signed(event, json.with("hashes", JsonObject.of("sha256", "made up " + random.nextInt()))));
        return changes.get(random.nextInt(changes.size()));
    }
}
