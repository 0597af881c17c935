package io.myelin.roomserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Compares auth chains and auth differences with those that are worked out the naive way. */
record AuthChainCheck(RoomGraphQueries graph) {
    void hasItsAuthChains(Arrived room) {
        for (Pdu event : room.room().events()) {
            assertThat(graph.authChain(room.room().id(), room.asking(), event.eventId())
                            .map(Set::copyOf))
                    .as("%s: %s", room.room(), event)
                    .contains(room.reference().authChain(List.of(event.eventId())));
        }
    }

    /** Checks auth differences, and returns how many events they have in all. */
    int hasItsAuthDifferences(Arrived room) {
        Random random = new Random(room.room().seed());
        List<Pdu> events = room.room().events();
        int differing = 0;
        for (int i = 0; i < events.size(); i++) {
            List<EventId> some = random.ints(2 + random.nextInt(2), 0, events.size())
                    .mapToObj(events::get)
                    .map(Pdu::eventId)
                    .toList();
            Set<EventId> difference = room.reference().authDifference(some);
            assertThat(graph.authDifference(room.room().id(), some).map(Set::copyOf))
                    .as("%s: %s", room.room(), some)
                    .contains(difference);
            differing += difference.size();
        }
        return differing;
    }
}
