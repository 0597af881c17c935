package io.myelin.roomserver.federated;

import io.myelin.matrix.event.Pdu;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What comes from a room's servers that no server may take for an event of the room. Not among these: what is taken with
 * some of it left out, see {@link RedactedOnReceipt}, and events that are sound but not allowed, see {@link
 * UnauthorisedPdus}.
 */
public final class MalformedPdus {
    private MalformedPdus() {}

    /** Without end, from a seed: each is a sound event of the room with one flaw. */
    public static Stream<MalformedPdu> of(FederatedRoom room, long seed) {
        List<Flaw> flaws = flaws(room);
        var random = new Random(seed);
        return Stream.generate(() -> spoiled(room, flaws.get(random.nextInt(flaws.size())), random))
                .flatMap(Optional::stream);
    }

    /** Every flaw that there is in the version of the room. */
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
