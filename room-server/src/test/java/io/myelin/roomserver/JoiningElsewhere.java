package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.SIGNER;
import static io.myelin.roomserver.federated.RemoteUsers.CARL;
import static io.myelin.roomserver.federated.RemoteUsers.DORA;
import static io.myelin.roomserver.federated.RemoteUsers.ONE;
import static io.myelin.roomserver.federated.RemoteUsers.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.federated.FederatedRoom;
import io.myelin.roomserver.federated.ReferenceRoom;
import io.myelin.roomserver.federated.RemoteServer;
import io.myelin.roomserver.federated.StoryRoom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** A room of two other servers that Alice joins while her server knows nothing of it. */
final class JoiningElsewhere {

    static final RemoteServer OURS = new RemoteServer(SIGNER.server(), SIGNER.key());

    private static final int PIECE = 60;
    private static final int AT_ONCE = 50;

    private final RunningRoomServer server;
    final StoryRoom story;
    final Arrivals arrivals;
    final RoomId id;

    JoiningElsewhere(RunningRoomServer server, RoomVersion version, long seed, int members) {
        this.server = server;
        story = new StoryRoom(version, seed, CARL, ONE, TWO, OURS);
        story.joins(DORA);
        topic("the first");
        for (int i = 0; i < members; i++) {
            story.joins((i % 2 == 0 ? ONE : TWO).user("user" + i));
        }
        arrivals = new Arrivals(server, story.told());
        id = story.told().id();
    }

    Pdu topic(String topic) {
        return story.sets(CARL, EventTypes.TOPIC, JsonObject.of("topic", topic));
    }

    /** The room as a server sees it that has all of its events. */
    ReferenceRoom reference() {
        return story.told().reference();
    }

    /** The state before an event, as the event's server gives it. */
    List<EventId> stateBefore(Pdu event) {
        List<EventId> state = new ArrayList<>(
                reference().stateBefore(event.eventId()).values().toList());
        Collections.shuffle(state, new Random(state.size()));
        return state;
    }

    /** Sends the state before an event, and the auth chains of that state and the event, as outliers. */
    void arrivesWithoutAPlace(Pdu event) {
        ReferenceRoom reference = reference();
        List<EventId> roots = new ArrayList<>(stateBefore(event));
        roots.addAll(event.authEvents());
        Set<EventId> wanted = chain(reference, roots);
        List<Pdu> outliers = reference.events().stream()
                .filter(each -> wanted.contains(each.eventId()))
                .toList();
        for (int from = 0; from < outliers.size(); from += AT_ONCE) {
            assertThat(arrivals.asOutliers(outliers.subList(from, Math.min(outliers.size(), from + AT_ONCE))))
                    .hasOnlyElementsOfType(ReceivedPdu.Accepted.class);
        }
    }

    private static Set<EventId> chain(ReferenceRoom reference, Collection<EventId> roots) {
        Set<EventId> chain = new LinkedHashSet<>();
        Deque<EventId> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            EventId id = open.remove();
            if (chain.add(id)) {
                open.addAll(reference.event(id).authEvents());
            }
        }
        return chain;
    }

    /** Stages the state before an event, of which nothing was known, and returns its name. */
    long staged(Pdu event) {
        arrivesWithoutAPlace(event);
        return arrivals.staged(stateBefore(event), PIECE);
    }

    /** Alice's join, signed by the server that let her in as well, and the state before it. */
    Pdu joins() {
        Pdu join = story.joins(ALICE);
        assertThat(arrivals.answer(join.signedBy(ONE.name(), ONE.key()), staged(join)))
                .isEqualTo(new ReceivedPdu.Accepted(join.eventId()));
        return join;
    }

    /** Sends an event, which must be accepted. */
    Pdu arrives(Pdu event) {
        assertThat(arrivals.answer(event)).isEqualTo(new ReceivedPdu.Accepted(event.eventId()));
        return event;
    }

    /** Gives the other servers an event that Alice's server has just sent. */
    Pdu othersHear(EventId event) {
        byte[] body = server.queries().event(id, event).orElseThrow().event().body();
        return story.receives(Pdu.parse(story.told().version(), body));
    }

    FederatedRoom told() {
        return story.told();
    }

    Set<EventId> currentState() {
        return Snapshots.state(server.queries(), id, Long.MAX_VALUE).stream()
                .map(StoredEvent::event)
                .map(event -> event.id())
                .collect(Collectors.toSet());
    }

    Set<EventId> stateAfter(Collection<EventId> events) {
        return Set.copyOf(reference().stateAfter(events).values().toList());
    }
}
