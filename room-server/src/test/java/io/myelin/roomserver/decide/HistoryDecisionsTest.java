package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.SERVER;
import static io.myelin.roomserver.TestShard.refused;
import static io.myelin.roomserver.TestShard.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.RoomAdminCommand.DeleteHistory;
import io.myelin.contracts.room.RoomAdminCommand.PurgeHistory;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomFact.HistoryPurged;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.HistoryPurge;
import io.myelin.roomserver.room.HistorySlice;
import io.myelin.roomserver.room.RoomChange;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryDecisionsTest {
    private final TestShard shard = new TestShard();
    private final TestRoom room = aRoom(shard).create().with(BOB);
    private final long created = room.now().created();
    private final EventId old = sent(room.says(ALICE, "old"));
    private final EventId first = sent(room.says(ALICE, "first that stays"));
    private final RoomPlace begins = RoomPlace.live(shard.facts.getLast().seq());

    private RoomAnswer purge(EventId upTo) {
        return shard.execute(new PurgeHistory(room.id, upTo, SERVER));
    }

    /** Purges up to the first event that stays; the number of the purge. */
    private long purged() {
        assertThat(purge(first)).isInstanceOf(RoomAnswer.Done.class);
        return shard.facts.getLast().seq();
    }

    private void nextSlice(long number, int step, HistorySlice slice) {
        shard.entities.put(EntityKey.ofHistorySlice(created, number, step), slice);
    }

    private HistorySlice aSlice() {
        long number = begins.anchor() - 1;
        return new HistorySlice(List.of(number), List.of(old), List.of(), List.of(number), RoomPlace.live(number));
    }

    private HistoryPurge now() {
        return (HistoryPurge) shard.entities.get(EntityKey.ofHistoryPurge(room.id));
    }

    @Test
    void hidesTheHistoryAtOneNumber() {
        long number = purged();
        assertThat(shard.facts.getLast().fact())
                .isEqualTo(new HistoryPurged(room.id, created, begins.anchor(), begins.back()));
        assertThat(now()).isEqualTo(HistoryPurge.begun(created, number, begins, SERVER));
        assertThat(shard.orders).hasSize(1);
    }

    @Test
    void deletesItSomeAtATime() {
        long number = purged();
        nextSlice(number, 0, aSlice());
        int before = shard.changes.size();

        shard.obey();

        assertThat(shard.changes.subList(before, shard.changes.size()))
                .extracting(change -> ((RoomChange.HistoryDeleted) change).slice())
                .containsExactly(aSlice(), HistorySlice.NOTHING);
        assertThat(shard.entities.get(EntityKey.of(old))).isInstanceOf(Absent.class);
        assertThat(now().complete()).isTrue();
        assertThat(shard.orders).isEmpty();
    }

    @Test
    void aSliceThatIsOrderedTwiceIsDeletedOnce() {
        long number = purged();
        nextSlice(number, 0, aSlice());
        shard.execute(new DeleteHistory(room.id, created, number, 0));
        int before = shard.facts.size();

        shard.execute(new DeleteHistory(room.id, created, number, 0));
        shard.execute(new DeleteHistory(room.id, created, number, 2));
        shard.execute(new DeleteHistory(room.id, created, number + 1, 1));
        shard.execute(new DeleteHistory(room.id, created + 1, number, 1));

        assertThat(shard.facts).hasSize(before);
    }

    @Test
    void anotherPurgeWaitsUntilTheOneBeforeIsComplete() {
        purged();
        assertThat(refused(purge(first)).status()).isEqualTo(400);
        shard.obey();
        EventId later = sent(room.says(BOB, "later"));
        assertThat(purge(later)).isInstanceOf(RoomAnswer.Done.class);
        assertThat(now().complete()).isFalse();
    }

    @Test
    void whatIsHiddenCannotBeWhereTheHistoryBegins() {
        purged();
        shard.obey();
        assertThat(refused(purge(old)).status()).isEqualTo(404);
    }

    @Test
    void needsAnEventOfTheRoom() {
        assertThat(refused(purge(new EventId("$unknown"))).status()).isEqualTo(404);
        TestRoom other = aRoom(shard).create();
        EventId elsewhere = sent(other.says(ALICE, "elsewhere"));
        assertThat(refused(purge(elsewhere)).status()).isEqualTo(400);
        RoomId unknown = new RoomId("!unknown:example.org");
        assertThat(refused(shard.execute(new PurgeHistory(unknown, first, null))).status())
                .isEqualTo(404);
    }

    @Test
    void endsWithTheRoom() {
        long number = purged();
        shard.execute(new PurgeRoom(room.id, true, List.of(), null));
        shard.execute(new PurgeRoom(room.id, true, List.of(), BOB));
        int before = shard.facts.size();
        shard.execute(new DeleteHistory(room.id, created, number, 0));
        assertThat(shard.facts).hasSize(before);
        assertThat(refused(purge(first)).status()).isEqualTo(404);
    }
}
