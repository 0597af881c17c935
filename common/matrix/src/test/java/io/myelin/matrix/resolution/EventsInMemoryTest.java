package io.myelin.matrix.resolution;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static io.myelin.matrix.resolution.Fork.topic;
import static io.myelin.matrix.resolution.Story.aRoom;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The promises of {@link ResolutionEvents}, tested with the implementation over a map. */
class EventsInMemoryTest {
    private final Fork room = aRoom(RoomVersions.V11).createdBy(ALICE).then(ALICE.setsJoinRule("public"), BOB.joins());
    private final Pdu publicRoom = room.current("m.room.join_rules", "");

    @Test
    void loadsWhatIsKnownAndSaysWhatWasRejected() {
        Fork topic = room.then(topic(BOB, "mine"));
        room.story().reject(topic.last());
        var unknown = new EventId("$unknown");
        assertThat(room.story().known().load(ids(room.create(), topic.last())))
                .containsOnlyKeys(ids(room.create(), topic.last()));
        assertThat(room.story().known().load(List.of(topic.last().eventId(), unknown)))
                .isEqualTo(Map.of(topic.last().eventId(), new ReceivedEvent(topic.last(), true)));
        assertThat(room.story().known().load(ids(room.create())))
                .isEqualTo(Map.of(room.create().eventId(), new ReceivedEvent(room.create(), false)));
    }

    @Test
    void eventOfOneStateIsInTheAuthDifference() {
        Fork one = room.then(topic(ALICE, "one"));
        Fork other = room.then(topic(ALICE, "other"));
        assertThat(difference(one, other)).isEqualTo(ids(one.last(), other.last()));
    }

    @Test
    void eventThatLedToTheStateOfOneIsInTheAuthDifference() {
        Fork left = room.then(BOB.leaves());
        Fork back = left.then(BOB.joins());
        assertThat(difference(room, back)).isEqualTo(ids(left.last(), back.last()));
        assertThat(difference(room, left, back)).isEqualTo(ids(left.last(), back.last()));
    }

    @Test
    void eventThatAllStatesHaveIsInNoAuthDifference() {
        Fork closed = room.then(ALICE.setsJoinRule("invite"));
        // Only one of the states has an event that cites the new join rules.
        Fork knocks = closed.then(CAROL.knocks());
        assertThat(difference(closed, knocks)).isEqualTo(ids(knocks.last()));
    }

    @Test
    void eventBehindWhatAllStatesHaveIsInNoAuthDifference() {
        Fork closed = room.then(ALICE.setsJoinRule("invite"));
        // Bob's join, which all of them have, cites the old join rules; so do Carol's attempts.
        Fork one = closed.thenCiting(room, CAROL.joins());
        Fork other = closed.thenCiting(room, CAROL.knocks());
        assertThat(difference(one, other)).isEqualTo(ids(one.last(), other.last()));
        assertThat(difference(one, other.butWithout(closed.memberEvent(BOB))))
                .isEqualTo(ids(one.last(), other.last(), room.memberEvent(BOB)));
    }

    @Test
    void unknownAuthEventEndsItsPath() {
        Fork left = room.then(BOB.leaves());
        Fork back = left.then(BOB.joins());
        room.story().lose(left.last());
        assertThat(difference(room, back)).isEqualTo(ids(left.last(), back.last(), room.memberEvent(BOB)));
    }

    @Test
    void subgraphIsWhatLiesBetween() {
        Fork left = room.then(BOB.leaves());
        Fork back = left.then(BOB.joins());
        Fork renamed = back.then(BOB.joins().withContent("displayname", "Robert"));
        Fork topic = room.then(topic(ALICE, "aside"));
        assertThat(room.story().known().conflictedSubgraph(ids(left.last(), renamed.last(), topic.last())))
                .isEqualTo(ids(left.last(), back.last(), renamed.last(), topic.last()));
        assertThat(room.story().known().conflictedSubgraph(ids(left.last(), topic.last())))
                .isEqualTo(ids(left.last(), topic.last()));
        assertThat(room.story().known().conflictedSubgraph(ids(publicRoom, left.last())))
                .isEqualTo(ids(publicRoom, room.memberEvent(BOB), left.last()));
    }

    @Test
    void powerLevelsLeadBackToTheFirst() {
        Fork first = room.thenLevels(ALICE, Map.of());
        Fork second = first.thenLevels(ALICE, Map.of(BOB, 50));
        Fork third = second.thenLevels(ALICE, Map.of(BOB, 40));
        Fork aside = first.thenLevels(ALICE, Map.of(CAROL, 50));
        assertThat(room.story().known().previousPowerLevels(ids(third.last(), aside.last())))
                .isEqualTo(Map.of(
                        third.last().eventId(), second.last().eventId(),
                        second.last().eventId(), first.last().eventId(),
                        aside.last().eventId(), first.last().eventId()));
        assertThat(room.story().known().previousPowerLevels(ids(first.last()))).isEmpty();
    }

    private Set<EventId> difference(Fork... forks) {
        Conflict conflict = Conflict.between(Stream.of(forks).map(Fork::state).toList());
        return room.story().known().authDifference(conflict.unconflicted(), conflict.byState());
    }

    private static Set<EventId> ids(Pdu... events) {
        return Stream.of(events).map(Pdu::eventId).collect(Collectors.toSet());
    }
}
