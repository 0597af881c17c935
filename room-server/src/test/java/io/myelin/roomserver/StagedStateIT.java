package io.myelin.roomserver;

import static io.myelin.roomserver.JoiningElsewhere.OURS;
import static io.myelin.roomserver.RunningRoomServer.SHARDS;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.profile;
import static io.myelin.roomserver.TestShard.refused;
import static io.myelin.roomserver.federated.RemoteUsers.CARL;
import static io.myelin.roomserver.federated.RemoteUsers.DORA;
import static io.myelin.roomserver.federated.RemoteUsers.ONE;
import static io.myelin.roomserver.federated.RemoteUsers.TWO;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ApplyProfile;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.StageState;
import io.myelin.contracts.room.RoomQueries.RoomSnapshot;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rooms of other servers of which nothing is known but the state that those give when a user of ours joins. */
class StagedStateIT {

    private static final int MEMBERS = 300;
    private static final int FEW = 5;

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private static long seed = 20_000;

    static Stream<RoomVersion> versions() {
        return Stream.of(RoomVersions.V6, RoomVersions.V10, RoomVersions.V12);
    }

    private static JoiningElsewhere aRoom(RoomVersion version, int members) {
        return new JoiningElsewhere(server, version, ++seed, members);
    }

    private static JoiningElsewhere aRoom() {
        return aRoom(RoomVersions.V11, FEW);
    }

    private static UserRoom aliceIn(JoiningElsewhere room) {
        return server.queries().roomsOf(ALICE).rooms().stream()
                .filter(one -> one.room().equals(room.id))
                .findAny()
                .orElseThrow();
    }

    private static void leaves(JoiningElsewhere room) {
        RoomAnswer answer = server.execute(
                room.id.value(),
                ChangeMembership.of(
                        room.id, new Requester(ALICE, null, null), MembershipAction.LEAVE, ALICE, null, null, null));
        room.othersHear(TestShard.sent(answer));
    }

    private static String topic(JoiningElsewhere room) {
        StoredEvent topic = server.queries()
                .stateAt(room.id, Long.MAX_VALUE, List.of(new Wanted(EventTypes.TOPIC, "")))
                .getFirst();
        return new String(topic.event().body(), UTF_8);
    }

    private static void isWhatTheOthersHave(JoiningElsewhere room) {
        assertThat(room.currentState()).isEqualTo(room.stateAfter(server.graph().forwardExtremities(room.id)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whoJoinsHasTheRoomWithItsWholeState(RoomVersion version) throws Exception {
        JoiningElsewhere room = aRoom(version, MEMBERS);
        Pdu join = room.joins();

        isWhatTheOthersHave(room);
        assertThat(server.graph().forwardExtremities(room.id)).containsExactly(join.eventId());
        assertThat(aliceIn(room).membership()).isEqualTo("join");
        assertThat(server.queries().joinedMembers(room.id)).isEqualTo(MEMBERS + 3);
        RoomSnapshot snapshot = server.queries().room(room.id, 10).orElseThrow();
        assertThat(snapshot.complete()).isFalse();
        assertThat(Snapshots.timeline(server.queries(), room.id, 10))
                .extracting(stored -> stored.event().id())
                .containsExactly(join.eventId());
        assertThat(snapshot.replaced())
                .isLessThan(Snapshots.timeline(server.queries(), room.id, 10)
                        .getFirst()
                        .seq());
        server.restart();
        isWhatTheOthersHave(room);
        server.assertThatReplayIsWhatWasPublished();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theRoomGoesOnFromBothSides(RoomVersion version) throws Exception {
        JoiningElsewhere room = aRoom(version, FEW);
        room.joins();

        room.arrives(room.story.says(CARL, "welcome"));
        EventId ours = server.send(room.id, EventTypes.MESSAGE, null, "{\"body\":\"thanks\"}");
        Pdu heard = room.othersHear(ours);
        assertThat(room.reference().verdict(heard.eventId()).isAccepted()).isTrue();
        room.arrives(room.story.joins(ONE.user("late")));
        room.arrives(room.topic("the second"));
        room.arrives(room.story.leaves(DORA));
        server.restart();
        server.send(room.id, EventTypes.MESSAGE, null, "{\"body\":\"again\"}");

        assertThat(room.currentState())
                .isEqualTo(
                        room.stateAfter(List.of(room.told().events().getLast().eventId())));
        assertThat(topic(room)).contains("the second");
        assertThat(server.queries().joinedMembers(room.id)).isEqualTo(FEW + 3);
        server.assertThatReplayIsWhatWasPublished();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whoComesBackHasItAsItHasBecome(RoomVersion version) throws Exception {
        JoiningElsewhere room = aRoom(version, FEW);
        room.joins();
        Set<EventId> first = room.currentState();
        long before = server.queries().room(room.id, 1).orElseThrow().asOf();
        leaves(room);
        assertThat(aliceIn(room).membership()).isEqualTo("leave");
        room.topic("nobody of ours saw this");
        room.story.bans(CARL, ONE.user("user0"));
        room.story.leaves(DORA);

        Pdu join = room.joins();

        isWhatTheOthersHave(room);
        assertThat(server.graph().forwardExtremities(room.id)).containsExactly(join.eventId());
        assertThat(aliceIn(room).membership()).isEqualTo("join");
        assertThat(topic(room)).contains("nobody of ours saw this");
        assertThat(server.queries().joinedMembers(room.id)).isEqualTo(FEW + 1);
        assertThat(Snapshots.state(server.queries(), room.id, before))
                .extracting(stored -> stored.event().id())
                .containsExactlyInAnyOrderElementsOf(first);
        assertThat(server.queries().stateHistory(room.id, EventTypes.TOPIC, ""))
                .extracting(StateSince::event)
                .hasSize(2)
                .doesNotContainNull();
        server.restart();
        isWhatTheOthersHave(room);
        server.assertThatReplayIsWhatWasPublished();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aGapThatIsFilledWithAStateIsAnotherForwardExtremity(RoomVersion version) {
        JoiningElsewhere room = aRoom(version, FEW);
        room.joins();
        Pdu end = room.arrives(room.story.says(CARL, "before the gap"));
        room.topic("in the gap");
        room.story.says(CARL, "in the gap as well");
        Pdu late = room.story.says(CARL, "after the gap");
        EventId ours = server.send(room.id, EventTypes.MESSAGE, null, "{\"body\":\"meanwhile\"}");
        room.story.after(end);
        room.othersHear(ours);
        assertThat(room.arrivals.answer(late)).isInstanceOf(ReceivedPdu.Missing.class);

        assertThat(room.arrivals.answer(late, room.staged(late))).isEqualTo(new ReceivedPdu.Accepted(late.eventId()));

        assertThat(server.graph().forwardExtremities(room.id)).containsExactlyInAnyOrder(late.eventId(), ours);
        EventId next = server.send(room.id, EventTypes.MESSAGE, null, "{\"body\":\"what have I missed?\"}");
        assertThat(room.othersHear(next).prevEvents()).containsExactlyInAnyOrder(late.eventId(), ours);
        assertThat(topic(room)).contains("in the gap");
        isWhatTheOthersHave(room);
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void whatIsOnlyStagedIsNotThere() throws Exception {
        JoiningElsewhere room = aRoom();
        Pdu join = room.story.joins(ALICE);
        room.arrivesWithoutAPlace(join);
        List<EventId> state = room.stateBefore(join);
        room.arrivals.staged(state.subList(0, 4), 2);
        assertThat(room.currentState()).isEmpty();
        assertThat(server.graph().takesPart(room.id, ONE.name())).isFalse();
        ChangeMembership local = ChangeMembership.of(
                room.id, new Requester(ALICE, null, null), MembershipAction.JOIN, ALICE, null, null, null);
        assertThat(refused(server.execute(room.id.value(), local)).status()).isEqualTo(404);

        long staged = room.arrivals.staged(state.subList(0, 5), 2);
        server.restart();
        RoomAnswer rest = room.arrivals.stage(staged, state.subList(3, state.size()));
        long whole = ((RoomAnswer.StateStaged) rest).state();
        assertThat(room.arrivals.stage(whole, state)).isEqualTo(rest);
        server.restart();

        assertThat(room.arrivals.answer(join, whole)).isEqualTo(new ReceivedPdu.Accepted(join.eventId()));
        assertThat(room.arrivals.answer(join, whole)).isEqualTo(new ReceivedPdu.Accepted(join.eventId()));
        isWhatTheOthersHave(room);
    }

    @Test
    void usersOfOursWhomTheStateHasAreInTheRoomToo() throws Exception {
        UserId robin = OURS.user("robin");
        JoiningElsewhere room = aRoom();
        room.story.joins(robin);
        room.joins();
        assertThat(server.queries().roomsOf(robin).rooms())
                .filteredOn(one -> one.room().equals(room.id))
                .singleElement()
                .satisfies(robins -> assertThat(robins.membership()).isEqualTo("join"));
        RoomAnswer renamed = server.execute(
                room.id.value(),
                new ApplyProfile(Partitions.of(room.id.value(), SHARDS), profile(robin, 2, "Robin"), null));
        assertThat(renamed).isInstanceOf(RoomAnswer.ProfileApplied.class);
        await().untilAsserted(() -> assertThat(new String(
                        server.queries()
                                .stateAt(room.id, Long.MAX_VALUE, List.of(new Wanted(EventTypes.MEMBER, robin.value())))
                                .getFirst()
                                .event()
                                .body(),
                        UTF_8))
                .contains("Robin"));
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void whoTakesPartIsToldByTheStateToo() {
        JoiningElsewhere room = aRoom();
        room.joins();
        assertThat(server.graph().takesPart(room.id, TWO.name())).isTrue();
        assertThat(server.graph().takesPart(room.id, new ServerName("three.example")))
                .isFalse();
        room.arrives(room.story.leaves(DORA));
        for (int i = 1; i < FEW; i += 2) {
            room.arrives(room.story.leaves(TWO.user("user" + i)));
        }
        assertThat(server.graph().takesPart(room.id, TWO.name())).isFalse();
    }

    @Test
    void partsOfTheStateAreReadAsTheyAre() {
        JoiningElsewhere room = aRoom();
        room.joins();
        room.arrives(room.story.leaves(DORA));
        List<StoredEvent> parts = server.queries()
                .stateAt(
                        room.id,
                        Long.MAX_VALUE,
                        List.of(
                                new Wanted(EventTypes.MEMBER, null),
                                new Wanted(EventTypes.TOPIC, ""),
                                new Wanted(EventTypes.NAME, "")));
        Set<EventId> current = room.currentState();
        assertThat(parts)
                .hasSize(FEW + 4)
                .allMatch(stored -> current.contains(stored.event().id()));
    }

    @Test
    void whatIsInTheStateCanBeRedacted() {
        JoiningElsewhere room = aRoom();
        room.joins();
        Pdu topic = room.told().events().stream()
                .filter(event -> event.type().equals(EventTypes.TOPIC))
                .findAny()
                .orElseThrow();
        room.arrives(room.story.redacts(CARL, topic));
        assertThat(topic(room)).doesNotContain("the first");
    }

    @Test
    void anEventThatTheStateDoesNotPermitIsRejectedAndBringsNothingIn() {
        JoiningElsewhere room = aRoom();
        Pdu banned = room.story.bans(CARL, ALICE);
        room.arrivesWithoutAPlace(banned);
        room.arrivals.asOutliers(List.of(banned));
        room.story.after(room.told().events().get(room.told().events().size() - 2));
        Pdu join = room.story.joins(ALICE);
        room.arrivesWithoutAPlace(join);
        List<EventId> state = room.stateBefore(join);
        state.add(banned.eventId());
        long withBan = room.arrivals.staged(state, 500);

        assertThat(room.arrivals.answer(join, withBan)).isInstanceOf(ReceivedPdu.Rejected.class);
        assertThat(room.currentState()).isEmpty();
        assertThat(server.graph().forwardExtremities(room.id)).isEmpty();
    }

    @Test
    void onlyStateEventsOfTheRoomThatWereNotRejectedAreStagedOnceForEachPlace() {
        JoiningElsewhere room = aRoom();
        Pdu join = room.joins();
        Pdu message = room.arrives(room.story.says(CARL, "hello"));
        Pdu other = room.arrives(room.topic("another"));
        List<EventId> state = room.stateBefore(join);
        Pdu unknown = room.story.says(CARL, "not sent");
        RoomAnswer staged = room.arrivals.stage(0, state);
        long base = ((RoomAnswer.StateStaged) staged).state();

        assertThat(room.arrivals.stage(base, List.of(unknown.eventId(), join.eventId())))
                .isEqualTo(new RoomAnswer.EventsUnknown(List.of(unknown.eventId())));
        assertThat(refused(room.arrivals.stage(base, List.of(message.eventId())))
                        .error())
                .contains("no state event");
        assertThat(refused(room.arrivals.stage(base, List.of(other.eventId()))).error())
                .contains("the place");
        assertThat(refused(room.arrivals.stage(base + 1_000_000, state)).error())
                .contains("Nobody has staged");
        assertThat(refused(room.arrivals.stage(0, Collections.nCopies(StageState.MOST_EVENTS + 1, other.eventId())))
                        .error())
                .contains("at most");
    }

    @Test
    void aStateThatIsNoneOfTheRoomIsNotTaken() {
        JoiningElsewhere room = aRoom();
        Pdu join = room.story.joins(ALICE);
        long state = room.staged(join);
        List<EventId> withoutCreate = room.stateBefore(join).stream()
                .filter(event -> !room.reference().event(event).type().equals(EventTypes.CREATE))
                .toList();
        long none = room.arrivals.staged(withoutCreate, 500);

        assertThat(refused(room.arrivals.tryToTake(join, none)).error()).contains("create event");
        assertThat(refused(room.arrivals.tryToTake(join, state + 1_000_000)).error())
                .contains("Nobody has staged");
        assertThat(room.arrivals.answer(join, state)).isEqualTo(new ReceivedPdu.Accepted(join.eventId()));
    }
}
