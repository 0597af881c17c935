package io.myelin.roomserver.federated;

import static io.myelin.roomserver.federated.Verdict.Step.BY_AUTH_EVENTS;
import static io.myelin.roomserver.federated.Verdict.Step.BY_STATE_BEFORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.myelin.matrix.auth.JoinRule;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A public room of Alice's that Bob of another server has joined, built event by event. */
@ParameterizedClass
@MethodSource("io.myelin.matrix.room.RoomVersions#supported")
class ReferenceRoomTest {
    private static final RemoteServer ONE = RemoteServer.named("one.example");
    private static final RemoteServer TWO = RemoteServer.named("two.example");
    private static final UserId ALICE = ONE.user("alice");
    private static final UserId BOB = TWO.user("bob");

    private final RoomVersion version;
    private final ReferenceRoom room;
    private final Composition composition;
    private final Pdu joinOfBob;

    ReferenceRoomTest(RoomVersion version) {
        this.version = version;
        this.room = new ReferenceRoom(version);
        this.composition = new Composition(version, room, Map.of(ONE.name(), ONE, TWO.name(), TWO), new Random(1));
        Pdu create = composition.create(ALICE);
        room.receive(create);
        Pdu joinOfAlice = after(Draft.joins(ALICE), create);
        Pdu joinRule = after(Draft.joinRule(ALICE, DraftGenerator.joinRule(JoinRule.PUBLIC)), joinOfAlice);
        this.joinOfBob = after(Draft.joins(BOB), joinRule);
    }

    @Test
    void acceptedStateEventIsInTheStateAfterIt() {
        Pdu topic = after(Draft.topic(ALICE, "one"), joinOfBob);
        assertThat(room.verdict(topic.eventId())).isEqualTo(new Verdict.Accepted());
        assertThat(room.stateBefore(topic.eventId()).has(topic.key())).isFalse();
        assertThat(room.stateAfter(topic.eventId()).get(topic.key())).isEqualTo(topic.eventId());
        assertThat(room.stateAfter(topic.eventId()).without(topic.key())).isEqualTo(room.stateBefore(topic.eventId()));
    }

    @Test
    void messageLeavesTheStateAsItWas() {
        Pdu message = after(Draft.message(BOB, "hello"), joinOfBob);
        assertThat(room.stateAfter(message.eventId())).isEqualTo(room.stateAfter(joinOfBob.eventId()));
    }

    @Test
    void rejectsByItsAuthEventsWhatTheyDoNotPermit() {
        Pdu topic = after(Draft.topic(BOB, "mine"), joinOfBob);
        assertThat(room.verdict(topic.eventId()).isRejected(BY_AUTH_EVENTS)).isTrue();
        assertThat(room.rejected(BY_AUTH_EVENTS)).containsExactly(topic);
    }

    @Test
    void rejectsByTheStateBeforeWhatIsPermittedNoMore() {
        Pdu ban = after(Draft.member(ALICE, BOB, Membership.BAN), joinOfBob);
        Draft draft = Draft.message(BOB, "still here");
        Pdu message = happens(composition.event(
                draft, List.of(ban.eventId()), composition.selected(draft, room.stateBefore(ban.eventId()))));
        assertThat(room.verdict(message.eventId()).isRejected(BY_STATE_BEFORE)).isTrue();
        assertThat(room.rejected(BY_STATE_BEFORE)).containsExactly(message);
    }

    @Test
    void rejectedEventLeavesTheStateAsItWasAndMayBeCitedAsPrevious() {
        Pdu topic = after(Draft.topic(BOB, "mine"), joinOfBob);
        Pdu message = after(Draft.message(BOB, "anyway"), topic);
        assertThat(room.stateAfter(topic.eventId())).isEqualTo(room.stateBefore(topic.eventId()));
        assertThat(room.stateBefore(message.eventId())).isEqualTo(room.stateAfter(joinOfBob.eventId()));
        assertThat(room.verdict(message.eventId()).isAccepted()).isTrue();
    }

    @Test
    void rejectsWhatCitesARejectedEventAsItsPermission() {
        Pdu ban = after(Draft.member(ALICE, BOB, Membership.BAN), joinOfBob);
        Pdu back = after(Draft.joins(BOB), ban);
        Draft draft = Draft.message(BOB, "back");
        StateMap<EventId> claimed = room.stateAfter(ban.eventId()).with(back.key(), back.eventId());
        Pdu message = happens(composition.event(draft, List.of(back.eventId()), composition.selected(draft, claimed)));
        assertThat(room.verdict(message.eventId()).isRejected(BY_AUTH_EVENTS)).isTrue();
        assertThat(room.verdict(message.eventId())).asString().contains("An auth event was rejected.");
    }

    /** The rules reject it whatever it cites. */
    @Test
    void rejectsACreateEventThatComesAfterAnother() {
        Pdu message = after(Draft.message(BOB, "hello"), joinOfBob);
        JsonObject content = room.events().getFirst().content();
        Pdu again = happens(composition.event(
                Draft.state(ALICE, EventTypes.CREATE, "", content),
                List.of(message.eventId()),
                List.of(message.eventId())));
        assertThat(room.verdict(again.eventId()).isRejected(BY_AUTH_EVENTS)).isTrue();
    }

    /** The example of "Soft failure": X sets the topic while being banned, and D comes after both. */
    @Test
    void resolvesWhereForksMeet() {
        Pdu maySetTopics = after(Draft.topic(ALICE, "first"), joinOfBob);
        Pdu ban = after(Draft.member(ALICE, BOB, Membership.BAN), maySetTopics);
        Pdu profile = after(Draft.joins(BOB), maySetTopics);
        Pdu both = after(Draft.message(ALICE, "both"), ban, profile);
        assertThat(room.verdict(profile.eventId()).isAccepted()).isTrue();
        assertThat(room.stateBefore(both.eventId()).get(EventTypes.MEMBER, BOB.value()))
                .isEqualTo(ban.eventId());
        assertThat(room.stateAfter(List.of(ban.eventId(), profile.eventId())))
                .isEqualTo(room.stateBefore(both.eventId()));
    }

    @Test
    void isTheSameInAnyOrderOfArrival() {
        FederatedRoom generated = FederatedRoom.generated(version, 3);
        ReferenceRoom inOrder = generated.reference();
        List<Pdu> shuffled = new ArrayList<>(generated.events());
        shuffled.addAll(generated.events().subList(0, 10));
        Collections.shuffle(shuffled, new Random(3));
        ReferenceRoom anyOrder = ReferenceRoom.of(version, shuffled);
        for (Pdu event : generated.events()) {
            EventId id = event.eventId();
            assertThat(anyOrder.verdict(id)).isEqualTo(inOrder.verdict(id));
            assertThat(anyOrder.stateBefore(id)).isEqualTo(inOrder.stateBefore(id));
            assertThat(anyOrder.stateAfter(id)).isEqualTo(inOrder.stateAfter(id));
        }
    }

    @Test
    void needsAllThatItsEventsCite() {
        List<Pdu> gap =
                room.events().stream().filter(event -> !event.equals(joinOfBob)).toList();
        Pdu message = after(Draft.message(BOB, "hello"), joinOfBob);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceRoom.of(
                        version, Stream.concat(gap.stream(), Stream.of(message)).toList()))
                .withMessageContaining(joinOfBob.eventId().value());
    }

    private Pdu after(Draft draft, Pdu... previous) {
        return happens(
                composition.event(draft, Stream.of(previous).map(Pdu::eventId).toList()));
    }

    private Pdu happens(Pdu event) {
        room.receive(event);
        return event;
    }
}
