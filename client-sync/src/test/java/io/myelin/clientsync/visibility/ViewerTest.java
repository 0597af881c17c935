package io.myelin.clientsync.visibility;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.visibility.ValueHistory.Change;
import io.myelin.contracts.room.BundleQuery.Hidden;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.visibility.HistoryVisibility;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewerTest {
    private final Server server = new Server();
    private final Room room = server.room("room");

    private StoredEvent stored(EventId id) {
        return server.rooms.event(room.id(), id).orElseThrow();
    }

    private static Viewer bob(ValueHistory visibility, Change... memberships) {
        return new Viewer(BOB, visibility, new ValueHistory("leave", List.of(memberships)), then("joined", "leave"));
    }

    /** Past states that all have this visibility and membership. */
    private static PastStates then(String visibility, String membership) {
        return new PastStates() {
            @Override
            public void expect(List<StoredEvent> events) {}

            @Override
            public HistoryVisibility visibility(long state) {
                return HistoryVisibility.parse(visibility);
            }

            @Override
            public String membership(long state) {
                return membership;
            }

            @Override
            public String membershipIfKnown(long state) {
                return membership;
            }
        };
    }

    @Test
    void knowsBetweenWhichNumbersNoMessageIsSeen() {
        ValueHistory joined = ValueHistory.always("joined");
        assertThat(bob(joined, new Change(10, "join"), new Change(20, "leave"), new Change(30, "join"))
                        .hidden())
                .containsExactly(new Hidden(0, 9), new Hidden(20, 29));
        assertThat(bob(ValueHistory.always("shared"), new Change(10, "join")).hidden())
                .isEmpty();
        assertThat(bob(ValueHistory.always("world_readable")).hidden()).isEmpty();
        assertThat(bob(joined, new Change(10, "join")).until(15).hidden()).containsExactly(new Hidden(0, 9));
    }

    @Test
    void seesAChangeOfVisibilityIfEitherSideOfItAllows() {
        EventId opened = room.visibility("world_readable");
        EventId closed = room.visibility("joined");
        EventId after = room.say(ALICE, "after");
        long first = stored(opened).seq();
        long second = stored(closed).seq();
        ValueHistory visibility =
                new ValueHistory("joined", List.of(new Change(first, "world_readable"), new Change(second, "joined")));
        Viewer bob = bob(visibility);
        assertThat(bob.sees(stored(opened))).isTrue();
        assertThat(bob.sees(stored(closed))).isTrue();
        assertThat(bob.sees(stored(after))).isFalse();
    }

    @Test
    void seesOwnMembershipIfEitherSideOfItAllows() {
        EventId join = room.join(BOB);
        EventId leave = room.leave(BOB);
        EventId after = room.say(ALICE, "after");
        Viewer bob = bob(
                ValueHistory.always("joined"),
                new Change(stored(join).seq(), "join"),
                new Change(stored(leave).seq(), "leave"));
        assertThat(bob.sees(stored(join))).isTrue();
        assertThat(bob.sees(stored(leave))).isTrue();
        assertThat(bob.sees(stored(after))).isFalse();
    }

    @Test
    void seesSharedHistoryFromBeforeAJoinButNotFromAfterTheLastLeave() {
        EventId before = room.say(ALICE, "before");
        EventId join = room.join(BOB);
        EventId leave = room.leave(BOB);
        EventId after = room.say(ALICE, "after");
        Viewer bob = bob(
                ValueHistory.always("shared"),
                new Change(stored(join).seq(), "join"),
                new Change(stored(leave).seq(), "leave"));
        assertThat(bob.sees(stored(before))).isTrue();
        assertThat(bob.sees(stored(after))).isFalse();
        assertThat(bob.membershipAt(stored(join))).isEqualTo("join");
        assertThat(bob.membershipAt(stored(before))).isEqualTo("leave");
    }

    /** Bob's membership as it was known when an event comes on a fork, and whether he joins after that. */
    private enum Line {
        IN_THE_ROOM,
        JOINING_LATER,
        OUT_OF_IT;

        ValueHistory from(long seq) {
            return switch (this) {
                case IN_THE_ROOM -> ValueHistory.always("join");
                case JOINING_LATER -> new ValueHistory("leave", List.of(new Change(seq + 1, "join")));
                case OUT_OF_IT -> new ValueHistory("join", List.of(new Change(seq - 1, "leave")));
            };
        }
    }

    @ParameterizedTest(name = "{0}, {1} on the fork, {2} → {3}")
    @CsvSource({
        "world_readable, leave, OUT_OF_IT, true",
        "world_readable, ban, IN_THE_ROOM, true",
        "world_readable, join, JOINING_LATER, true",
        "shared, join, IN_THE_ROOM, true",
        "shared, join, JOINING_LATER, true",
        "shared, join, OUT_OF_IT, false",
        "shared, ban, IN_THE_ROOM, true",
        "shared, leave, JOINING_LATER, true",
        "shared, leave, OUT_OF_IT, false",
        "invited, join, IN_THE_ROOM, true",
        "invited, invite, JOINING_LATER, true",
        "invited, join, OUT_OF_IT, false",
        "invited, ban, IN_THE_ROOM, false",
        "invited, leave, JOINING_LATER, false",
        "joined, join, IN_THE_ROOM, true",
        "joined, join, JOINING_LATER, true",
        "joined, join, OUT_OF_IT, false",
        "joined, invite, JOINING_LATER, false",
        "joined, ban, IN_THE_ROOM, false",
        "joined, leave, IN_THE_ROOM, false",
        "nonsense, ban, IN_THE_ROOM, true",
    })
    void seesWhatCameOnAForkByTheStateBeforeIt(String visibility, String membership, Line line, boolean visible) {
        EventId here = room.say(ALICE, "here");
        StoredEvent forked = stored(room.forkAfter(here).say(ALICE, "on a fork"));
        Viewer bob = new Viewer(
                BOB, ValueHistory.always("world_readable"), line.from(forked.seq()), then(visibility, membership));
        assertThat(bob.sees(forked)).isEqualTo(visible);
        assertThat(bob.membershipAt(forked)).isEqualTo(membership);
    }

    @Test
    void seesWhatChangesTheViewOnAForkIfEitherSideOfItAllows() {
        EventId here = room.say(ALICE, "here");
        StoredEvent opened = stored(room.forkAfter(here).visibility("world_readable"));
        StoredEvent joined = stored(room.forkAfter(here).member(BOB, BOB, "join"));
        StoredEvent banned = stored(room.forkAfter(here).member(ALICE, BOB, "ban"));
        Viewer out =
                new Viewer(BOB, ValueHistory.always("joined"), ValueHistory.always("leave"), then("joined", "leave"));
        Viewer in = new Viewer(BOB, ValueHistory.always("joined"), ValueHistory.always("join"), then("joined", "join"));
        Viewer wasOut =
                new Viewer(BOB, ValueHistory.always("joined"), ValueHistory.always("join"), then("joined", "leave"));
        assertThat(out.sees(opened)).isTrue();
        assertThat(in.sees(banned)).isTrue();
        assertThat(wasOut.sees(joined)).isTrue();
        assertThat(wasOut.sees(banned)).isFalse();
        assertThat(wasOut.membershipAt(joined)).isEqualTo("join");
    }

    @Test
    void seesOwnJoinThoughTheStateDidNotGoOnWithIt() {
        StoredEvent joined = stored(room.aside(BOB, "m.room.member", BOB.value(), "{\"membership\":\"join\"}"));
        Viewer bob = bob(ValueHistory.always("joined"));
        assertThat(bob.sees(joined)).isTrue();
        assertThat(bob.membershipAt(joined)).isEqualTo("join");
    }
}
