package io.myelin.roomserver.federated;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Events with a wrong content hash but valid signatures: a server takes them as redacted. Server-server API, "Checks
 * performed on receipt of a PDU", step 3.
 */
public final class RedactedOnReceipt {
    private static final String ADDED = "org.example.added";

    private RedactedOnReceipt() {}

    /**
     * An endless stream from a seed. From version 3 on, an event with the same reference hash as an event of the room has
     * its ID too.
     */
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

    /**
     * Some of these changes affect the signed part, or the create event that the room ID is made of, and are passed over.
     */
    private static JsonObject changed(Pdu event, Forgery forgery, Random random) {
        JsonObject json = event.json();
        List<JsonObject> changes = List.of(
                json.with(ADDED, random.nextInt()),
                json.with("content", event.content().with(ADDED, random.nextInt())),
                forgery.signed(event, json.with("hashes", JsonObject.of("sha256", "made up " + random.nextInt()))));
        return changes.get(random.nextInt(changes.size()));
    }
}
