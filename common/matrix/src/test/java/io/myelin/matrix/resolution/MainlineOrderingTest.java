package io.myelin.matrix.resolution;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static io.myelin.matrix.resolution.Fork.topic;
import static io.myelin.matrix.resolution.Story.aRoom;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainlineOrderingTest {
    private final Fork room = aRoom(RoomVersions.V12).createdBy(ALICE).then(ALICE.setsJoinRule("public"), BOB.joins());
    private final Fork first = room.thenLevels(ALICE, Map.of());
    private final Fork second = first.thenLevels(ALICE, Map.of(BOB, 10));
    private final Fork third = second.thenLevels(ALICE, Map.of(BOB, 20));

    @Test
    void goesByTheEpochAndNotByTheClock() {
        Pdu before =
                room.thenAt(90_000, topic(ALICE, "before there were levels")).last();
        Pdu one = first.thenAt(80_000, topic(ALICE, "one")).last();
        Pdu two = second.thenAt(70_000, topic(ALICE, "two")).last();
        Pdu three = third.thenAt(60_000, topic(ALICE, "three")).last();
        assertSorted(third, before, one, two, three);
    }

    @Test
    void whatRestsOffTheMainlineGoesWhereItsPathMeetsIt() {
        Fork aside = first.thenLevels(ALICE, Map.of(CAROL, 10));
        Fork furtherAside = aside.thenLevels(ALICE, Map.of(CAROL, 20));
        Pdu before =
                room.thenAt(90_000, topic(ALICE, "before there were levels")).last();
        Pdu further = furtherAside.thenAt(70_000, topic(ALICE, "further aside")).last();
        Pdu near = aside.thenAt(80_000, topic(ALICE, "aside")).last();
        Pdu two = second.thenAt(60_000, topic(ALICE, "two")).last();
        assertSorted(third, before, further, near, two);
        assertSorted(third, before, further, two);
    }

    @Test
    void whatNeverMeetsTheMainlineGoesFirst() {
        Fork elsewhere = room.thenLevels(ALICE, Map.of(CAROL, 10));
        Fork further = elsewhere.thenLevels(ALICE, Map.of(CAROL, 20));
        Pdu never = further.thenAt(90_000, topic(ALICE, "never")).last();
        Pdu atAll = elsewhere.thenAt(95_000, topic(ALICE, "at all")).last();
        Pdu one = first.thenAt(1, topic(ALICE, "one")).last();
        assertSorted(third, never, atAll, one);
    }

    @Test
    void laterLevelsThanTheResolvedOnesCountAsThose() {
        Pdu two = second.thenAt(90_000, topic(ALICE, "two")).last();
        Pdu three = third.thenAt(95_000, topic(ALICE, "three")).last();
        assertSorted(second, two, three);
    }

    @Test
    void withoutLevelsTheClockDecides() {
        Pdu late = third.thenAt(90_000, topic(ALICE, "late")).last();
        Pdu early = third.thenAt(80_000, topic(ALICE, "early")).last();
        assertSorted(room, early, late);
    }

    @Test
    void ofOneTimeTheSmallerIdGoesFirst() {
        Pdu one = room.thenAt(50_000, topic(ALICE, "one")).last();
        Pdu two = room.thenAt(50_000, topic(ALICE, "two")).last();
        if (one.eventId().compareTo(two.eventId()) < 0) {
            assertSorted(first, one, two);
        } else {
            assertSorted(first, two, one);
        }
    }

    /** Asserts the order by the mainline of this fork's power levels. */
    private void assertSorted(Fork partial, Pdu... expected) {
        var events = new LoadedEvents(room.story().known());
        events.load(room.story().events().keySet());
        var ordering = new MainlineOrdering(events, room.story().known());
        List<Pdu> forwards = Arrays.asList(expected);
        assertThat(ordering.sort(forwards, partial.state())).isEqualTo(forwards);
        assertThat(ordering.sort(forwards.reversed(), partial.state())).isEqualTo(forwards);
    }
}
