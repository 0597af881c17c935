package io.myelin.roomserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.visibility.HistoryVisibility;
import io.myelin.roomserver.federated.ReferenceRoom;
import io.myelin.roomserver.federated.RemoteServer;
import io.myelin.roomserver.federated.StoryRoom;
import io.myelin.roomserver.room.Conflict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers are told of events that do not come after the newest event of a room. */
class ForkedEventsIT {

    private static final RemoteServer ONE = RemoteServer.named("one.example");
    private static final RemoteServer TWO = RemoteServer.named("two.example");
    private static final UserId ALICE = ONE.user("alice");
    private static final UserId BOB = TWO.user("bob");

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private static long seed = 88_000;

    private final StoryRoom story = new StoryRoom(RoomVersions.V11, ++seed, ALICE, ONE, TWO);

    private AskingServer two() {
        return new AskingServer(server, story, TWO.name());
    }

    private void arrives() {
        Arrivals arrivals = new Arrivals(server, story.told());
        arrivals.arrive(story.told().events());
        assertThat(arrivals.received.values()).allMatch(answer -> answer instanceof ReceivedPdu.Accepted);
    }

    private StoredEvent stored(Pdu event) {
        return server.queries().event(story.told().id(), event.eventId()).orElseThrow();
    }

    private List<Pdu> offTimeline() {
        return story.told().events().stream()
                .filter(event -> stored(event).isOffTimeline())
                .toList();
    }

    private static JsonObject topic(String topic) {
        return JsonObject.of("topic", topic);
    }

    @Test
    void thoseAreMarkedBeforeWhichTheStateWasAnotherThanTheCurrentOne() throws Exception {
        Pdu root = story.sets(ALICE, EventTypes.TOPIC, topic("root"));
        Pdu line = story.says(ALICE, "on the line");
        story.sets(ALICE, EventTypes.NAME, JsonObject.of("name", "line"));
        Pdu newest = story.says(ALICE, "on the line, too");
        Pdu late = story.after(root).says(ALICE, "late");
        Pdu aside = story.sets(ALICE, EventTypes.TOPIC, topic("fork"));
        Pdu more = story.says(ALICE, "more");
        story.after(newest, more).says(ALICE, "both");
        story.says(ALICE, "on the line again");
        arrives();

        assertThat(offTimeline()).containsExactly(late, aside, more);
        assertThat(stored(late).event().outsideCurrentState()).isFalse();
        assertThat(stored(aside).event().outsideCurrentState()).isTrue();
        assertThat(stored(line).event().state()).isEqualTo(stored(late).event().state());
        server.assertThatReplayIsWhatWasPublished();
        server.restart();
        assertThat(offTimeline()).containsExactly(late, aside, more);
    }

    @Test
    void aStateEventThatComesLateIsOnTheLineIfOnlyMessagesCameMeanwhile() {
        Pdu root = story.sets(ALICE, EventTypes.TOPIC, topic("root"));
        story.says(ALICE, "meanwhile");
        Pdu aside = story.after(root).sets(ALICE, EventTypes.TOPIC, topic("fork"));
        story.says(ALICE, "after");
        arrives();

        assertThat(stored(aside).event().outsideCurrentState()).isTrue();
        assertThat(offTimeline()).isEmpty();
    }

    @Test
    void theyComeWithAllOfTheirState() {
        Pdu root = story.sets(ALICE, EventTypes.TOPIC, topic("root"));
        story.joins(BOB);
        Pdu aside = story.after(root).sets(ALICE, EventTypes.TOPIC, topic("fork"));
        Pdu said = story.says(ALICE, "on a fork");
        arrives();

        ReferenceRoom reference =
                ReferenceRoom.of(RoomVersions.V11, story.told().events());
        assertThat(state(stored(said).event().state()))
                .isEqualTo(Set.copyOf(
                        reference.stateBefore(said.eventId()).values().toList()));
        assertThat(state(stored(aside).number()))
                .isEqualTo(Set.copyOf(
                        reference.stateAfter(aside.eventId()).values().toList()));
    }

    /** Without a limit, each further event of a fork would cause all events before it to be read and checked anew. */
    @Test
    void aForkThatDiffersByTooMuchGrowsNoMoreAndCanBeEnded() {
        Pdu root = story.says(ALICE, "root");
        Pdu line = story.sets(ALICE, EventTypes.TOPIC, topic("line"));
        story.after(root);
        int most = (int) (Conflict.MOST / 60_000);
        List<Pdu> fork = new ArrayList<>();
        for (int i = 0; i < most + 5; i++) {
            fork.add(story.sets(ALICE, "an.invention." + i, JsonObject.of("large", "x".repeat(60_000))));
        }
        Arrivals arrivals = new Arrivals(server, story.told());
        story.told().events().forEach(event -> arrivals.arrive(List.of(event)));

        List<ReceivedPdu> received = fork.stream()
                .map(event -> arrivals.received.get(event.eventId()))
                .toList();
        int taken = (int) received.stream()
                .takeWhile(ReceivedPdu.Accepted.class::isInstance)
                .count();
        assertThat(taken).isBetween(most - 10, most);
        assertThat(received.subList(taken, fork.size())).hasOnlyElementsOfType(ReceivedPdu.SoftFailed.class);

        Pdu end = story.after(line, fork.getLast()).says(ALICE, "both");
        Pdu next = story.sets(ALICE, EventTypes.NAME, JsonObject.of("name", "one again"));
        arrivals.arrive(List.of(end, next));
        assertThat(arrivals.received)
                .containsEntry(end.eventId(), new ReceivedPdu.Accepted(end.eventId()))
                .containsEntry(next.eventId(), new ReceivedPdu.Accepted(next.eventId()));
    }

    private Set<EventId> state(long name) {
        return Snapshots.named(server.queries(), story.told().id(), name).stream()
                .map(stored -> stored.event().id())
                .collect(Collectors.toSet());
    }

    /** Bob is alone on his server, so he sees the events that the server gets. */
    @ParameterizedTest
    @ValueSource(strings = {"world_readable", "shared", "invited", "joined"})
    void theyAreShownToAUserAsToTheServerThatTheUserIsAloneOn(String visibility) {
        Pdu root = story.setsVisibility(ALICE, visibility);
        Pdu line = story.says(ALICE, "without Bob");
        story.after(root).invites(ALICE, BOB);
        Pdu invited = story.says(ALICE, "Bob is invited");
        Pdu joined = story.after(line).joins(BOB);
        Pdu newest = story.says(ALICE, "with Bob");
        Pdu late = story.after(root).says(ALICE, "Bob is not here yet");
        story.setsVisibility(ALICE, "joined");
        Pdu hidden = story.says(ALICE, "hidden");
        story.after(root).setsVisibility(ALICE, "shared");
        Pdu shown = story.says(ALICE, "shown");
        story.after(joined).leaves(BOB);
        story.says(ALICE, "Bob is gone");
        story.joins(BOB);
        Pdu back = story.says(ALICE, "Bob is back");
        story.after(newest, invited, late, hidden, shown, back).says(ALICE, "all together");
        arrives();

        assertThat(offTimeline()).contains(late, hidden, shown);
        assertThat(two().takesPart()).isTrue();
        for (Pdu event : story.told().events()) {
            assertThat(seesAsAMember(BOB, event)).as(event.toString()).isEqualTo(two().getsWhole(event));
        }
    }

    /** Decides as readers do for a user who is in the room now. */
    private boolean seesAsAMember(UserId user, Pdu event) {
        StoredEvent stored = stored(event);
        List<Wanted> wanted =
                List.of(new Wanted(EventTypes.HISTORY_VISIBILITY, ""), new Wanted(EventTypes.MEMBER, user.value()));
        long before = stored.event().state();
        List<List<StoredEvent>> states =
                stored.isOffTimeline() || stored.event().outsideCurrentState()
                        ? server.queries()
                                .inStates(
                                        story.told().id(),
                                        event.isState() ? List.of(before, stored.number()) : List.of(before),
                                        wanted)
                        : List.of(
                                server.queries().stateAt(story.told().id(), stored.seq() - 1, wanted),
                                server.queries().stateAt(story.told().id(), stored.seq(), wanted));
        return states.stream()
                .anyMatch(state -> HistoryVisibility.of(find(state, EventTypes.HISTORY_VISIBILITY))
                        .allows(Membership.of(find(state, EventTypes.MEMBER)).value(), true));
    }

    private static @Nullable Pdu find(List<StoredEvent> state, String type) {
        return state.stream()
                .filter(stored -> stored.event().type().equals(type))
                .map(stored -> Pdu.parse(RoomVersions.V11, stored.event().body()))
                .findFirst()
                .orElse(null);
    }
}
