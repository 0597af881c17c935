package io.myelin.matrix.resolution;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static io.myelin.matrix.resolution.Story.aRoom;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("versions")
class ReverseTopologicalPowerOrderingTest {
    private final Fork room;

    ReverseTopologicalPowerOrderingTest(RoomVersion version) {
        this.room = aRoom(version).createdBy(ALICE).then(ALICE.setsJoinRule("public"), BOB.joins(), CAROL.joins());
    }

    static List<RoomVersion> versions() {
        return List.of(RoomVersions.V10, RoomVersions.V11, RoomVersions.V12);
    }

    @Test
    void nothingComesBeforeWhatItRestsOn() {
        Fork promoted = room.thenLevels(ALICE, Map.of(BOB, 50));
        Fork kicked = promoted.thenAt(1, ALICE.kicks(CAROL));
        Fork back = kicked.thenAt(0, CAROL.joins());
        assertSorted(promoted.last(), room.memberEvent(CAROL), kicked.last(), back.last());
    }

    @Test
    void whatRestsOnTwoComesAfterBoth() {
        Fork left = room.then(CAROL.leaves());
        Fork levels = left.thenLevels(ALICE, Map.of());
        Fork invited = levels.thenAt(0, ALICE.invites(CAROL));
        assertSorted(levels.last(), left.last(), invited.last());
    }

    @Test
    void greaterPowerGoesFirst() {
        Fork levels = room.thenLevels(ALICE, Map.of(BOB, 50, CAROL, 60));
        Pdu bobs = levels.thenAt(1, BOB.setsJoinRule("invite")).last();
        Pdu carols = levels.thenAt(2, CAROL.setsJoinRule("invite")).last();
        Pdu alices = levels.thenAt(3, ALICE.setsJoinRule("invite")).last();
        assertSorted(alices, carols, bobs);
    }

    @Test
    void powerIsWhatTheEventItselfCites() {
        Fork levels = room.thenLevels(ALICE, Map.of(BOB, 50, CAROL, 50));
        Fork demoted = levels.thenLevels(ALICE, Map.of(BOB, 10, CAROL, 50));
        Pdu bobs = demoted.thenAt(1, BOB.setsJoinRule("invite")).last();
        Pdu carols = demoted.thenAt(2, CAROL.setsJoinRule("invite")).last();
        Pdu outdated = demoted.thenCiting(levels, BOB.setsJoinRule("knock")).last();
        assertSorted(carols, outdated, bobs);
    }

    @Test
    void creatorHasPowerBeforeThereAreLevels() {
        Pdu bobs = room.thenAt(1, BOB.setsJoinRule("invite")).last();
        Pdu alices = room.thenAt(2, ALICE.setsJoinRule("invite")).last();
        assertSorted(alices, bobs);
    }

    @Test
    void nobodyHasPowerWhereTheCreateEventIsUnknown() {
        Fork levels = room.thenLevels(ALICE, Map.of(BOB, 50));
        Pdu carols = levels.thenAt(1, CAROL.setsJoinRule("invite")).last();
        Pdu bobs = levels.thenAt(2, BOB.setsJoinRule("invite")).last();
        assertSorted(bobs, carols);
        room.story().lose(room.create());
        assertSorted(carols, bobs);
    }

    @Test
    void ofEqualPowerTheEarlierGoesFirst() {
        Pdu late = room.thenAt(50_000, ALICE.setsJoinRule("invite")).last();
        Pdu early = room.thenAt(40_000, ALICE.setsJoinRule("invite")).last();
        assertSorted(early, late);
    }

    @Test
    void ofOneTimeTheSmallerIdGoesFirst() {
        Pdu one = room.thenAt(50_000, ALICE.setsJoinRule("invite")).last();
        Pdu two = room.thenAt(50_000, ALICE.setsJoinRule("knock")).last();
        if (one.eventId().compareTo(two.eventId()) < 0) {
            assertSorted(one, two);
        } else {
            assertSorted(two, one);
        }
    }

    private void assertSorted(Pdu... expected) {
        var events = new LoadedEvents(room.story().known());
        events.load(room.story().events().keySet());
        var ordering = new ReverseTopologicalPowerOrdering(events);
        List<Pdu> forwards = Arrays.asList(expected);
        assertThat(ordering.sort(forwards)).isEqualTo(forwards);
        assertThat(ordering.sort(forwards.reversed())).isEqualTo(forwards);
    }
}
