package io.myelin.roomserver.federated;

import io.myelin.matrix.event.Pdu;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * PDUs from a room's servers that no server may take for events of the room. Events that are taken as redacted are in {@link
 * RedactedOnReceipt}, and valid events that the rules reject in {@link UnauthorisedPdus}.
 */
public final class MalformedPdus {
    private MalformedPdus() {}

    /** An endless stream from a seed: each PDU is a valid event of the room with one flaw. */
    public static Stream<MalformedPdu> of(FederatedRoom room, long seed) {
        List<Flaw> flaws = flaws(room);
        var random = new Random(seed);
        return Stream.generate(() -> spoiled(room, flaws.get(random.nextInt(flaws.size())), random))
                .flatMap(Optional::stream);
    }

    /** All flaws that the room's version can have. */
    static List<Flaw> flaws(FederatedRoom room) {
        var forgery = new Forgery(room);
        return Stream.of(
                        FlawedBytes.all(),
                        FlawedMembers.all(forgery),
                        FlawedSignatures.all(forgery),
                        FlawedPlaces.all(forgery))
                .flatMap(List::stream)
                .toList();
    }

    private static Optional<MalformedPdu> spoiled(FederatedRoom room, Flaw flaw, Random random) {
        Pdu event = room.events().get(random.nextInt(room.events().size()));
        return flaw.in(event, random);
    }
}
