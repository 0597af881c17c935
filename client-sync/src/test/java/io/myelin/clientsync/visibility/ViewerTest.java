package io.myelin.clientsync.visibility;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.visibility.ValueHistory.Change;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.EventId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewerTest {
    private final Server server = new Server();
    private final Room room = server.room("room");

    private StoredEvent stored(EventId id) {
        return server.rooms.event(room.id(), id).orElseThrow();
    }

    private static Viewer bob(ValueHistory visibility, Change... memberships) {
        return new Viewer(BOB, visibility, new ValueHistory("leave", List.of(memberships)));
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
        assertThat(bob.membershipAt(stored(join).seq())).isEqualTo("join");
        assertThat(bob.membershipAt(stored(before).seq())).isEqualTo("leave");
    }
}
