package io.myelin.roomserver.federated;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Events that are well formed, hashed and signed, and that the rules reject. */
public final class UnauthorisedPdus {
    private static final int MAX_PREV_EVENTS = 3;

    private final FederatedRoom room;
    private final ReferenceRoom reference;
    private final List<UserId> users = new ArrayList<>();
    private final Random random;
    private final RejectedEvents misdeeds;

    private UnauthorisedPdus(FederatedRoom room, long seed) {
        this.room = room;
        this.reference = room.reference();
        this.random = new Random(seed);
        for (RemoteServer server : room.servers().values()) {
            users.addAll(List.of(server.user("first"), server.user("second"), server.user("stranger")));
        }
        var composition = new Composition(room, reference, random);
        this.misdeeds = new RejectedEvents(reference, composition, users, random);
    }

    /** An endless stream from a seed: each event comes after some event of the room, and none is cited by another. */
    public static Stream<Pdu> of(FederatedRoom room, long seed) {
        var pdus = new UnauthorisedPdus(room, seed);
        return Stream.generate(pdus::next).flatMap(Optional::stream);
    }

    private Optional<Pdu> next() {
        Verdict.Step[] steps = Verdict.Step.values();
        return misdeeds.rejected(
                steps[random.nextInt(steps.length)],
                users.get(random.nextInt(users.size())),
                prevEvents(),
                room.events());
    }

    private List<EventId> prevEvents() {
        List<Pdu> events = room.events();
        return random.ints(random.nextInt(1, MAX_PREV_EVENTS + 1), 1, events.size())
                .distinct()
                .mapToObj(index -> events.get(index).eventId())
                .toList();
    }
}
