package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.receipt.ReceiptCommand;
import io.myelin.contracts.receipt.ReceiptCommand.DropReceipts;
import io.myelin.contracts.receipt.ReceiptTopics;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ClaimAlias;
import io.myelin.contracts.room.RoomAdminCommand.DeletePurgedRows;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomCommand.ReleaseAlias;
import io.myelin.contracts.room.RoomAdminCommand.RemoveMember;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.AliasEntity;
import io.myelin.roomserver.room.Damaged;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.PurgeSlice;
import io.myelin.roomserver.room.PurgedRoom;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomRemains;
import io.myelin.roomserver.room.UserEntity;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PurgeDecisionsTest {

    private static final RoomAlias PUB = new RoomAlias("#pub:example.org");
    private static final RoomRemains NOTHING = new RoomRemains(
            0, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    private final TestShard shard = new TestShard();
    private final TestRoom room = aRoom(shard).create().with(BOB);
    private final long created = room.now().created();

    private RoomAnswer purge(boolean force) {
        return shard.execute(new PurgeRoom(room.id, force, List.of(PUB), null));
    }

    private List<RoomChange> changesSince(int before) {
        return shard.changes.subList(before, shard.changes.size());
    }

    @Test
    void isRefusedWhileOurUsersAreInTheRoom() {
        int before = shard.facts.size();
        assertThat(refused(purge(false)))
                .satisfies(error -> assertThat(error.status()).isEqualTo(400))
                .satisfies(error -> assertThat(error.error()).contains("still joined"));
        assertThat(shard.facts).hasSize(before);
        assertThat(shard.orders).isEmpty();
    }

    @Test
    void ofARoomThatNobodyKnowsIsRefused() {
        RoomId unknown = new RoomId("!unknown:example.org");
        assertThat(refused(shard.execute(new PurgeRoom(unknown, true, List.of(), null)))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whoIsInTheRoomLeavesFirst() {
        purge(true);
        assertThat(shard.orders).hasSize(3);
        shard.entities.put(EntityKey.ofRemains(created, 0), new PurgeSlice(NOTHING, List.of()));
        shard.obey();
        assertThat(room.story()).endsWith("leave", "leave");
        assertThat(List.of(ALICE, BOB))
                .allSatisfy(user -> assertThat(shard.entities.get(EntityKey.of(user)))
                        .isInstanceOfSatisfying(
                                UserEntity.class,
                                gone -> assertThat(gone.joined()).isEmpty()));
        assertThat(shard.entities.get(EntityKey.of(room.id))).isInstanceOf(Absent.class);
    }

    @Test
    void manyLeaveInSlices() {
        room.set(ALICE, EventTypes.JOIN_RULES, "", "{\"join_rule\":\"public\"}");
        for (int i = 0; i < 120; i++) {
            room.with(new UserId("@user" + i + ":example.org"));
        }
        shard.orders.clear();
        purge(true);
        assertThat(shard.orders).hasSize(101);
        shard.entities.put(EntityKey.ofRemains(created, 0), new PurgeSlice(NOTHING, List.of()));
        shard.obey();
        assertThat(room.story().stream().filter("leave"::equals)).hasSize(122);
    }

    @Test
    void nobodyJoinsARoomWhoseUsersAreMadeToLeave() {
        room.set(ALICE, EventTypes.JOIN_RULES, "", "{\"join_rule\":\"public\"}");
        purge(true);
        assertThat(shard.changes.getLast()).isEqualTo(new RoomChange.PurgeStarted(room.id, created));

        assertThat(refused(room.change(MembershipAction.JOIN, CAROL, CAROL)).errcode())
                .isEqualTo("M_NOT_FOUND");
        assertThat(refused(room.set(CAROL, EventTypes.MEMBER, CAROL.value(), "{\"membership\":\"join\"}"))
                        .errcode())
                .isEqualTo("M_NOT_FOUND");
        assertThat(room.says(ALICE, "last words")).isInstanceOf(RoomAnswer.EventSent.class);
    }

    @Test
    void itsBeginningIsAFactOnce() {
        purge(true);
        int before = shard.facts.size();
        purge(true);
        assertThat(shard.facts).hasSize(before);
        assertThat(shard.orders).hasSize(6);
    }

    @Test
    void whoCouldNotBeMadeToLeaveIsOutWhenTheRoomGoes() {
        purge(true);
        shard.execute(new PurgeRoom(room.id, true, List.of(), BOB));

        assertThat(shard.entities.get(EntityKey.of(room.id))).isEqualTo(new PurgedRoom(created, 0));
        assertThat(List.of(ALICE, BOB))
                .allSatisfy(user -> assertThat(shard.entities.get(EntityKey.of(user)))
                        .isInstanceOfSatisfying(
                                UserEntity.class,
                                gone -> assertThat(gone.joined()).isEmpty()));
    }

    @Test
    void aRoomThatCannotBeReadGoesAtOnceIfItIsToGoWhoeverIsInIt() {
        shard.entities.put(EntityKey.of(room.id), new Damaged(created));
        int before = shard.facts.size();
        assertThat(refused(purge(false)).status()).isEqualTo(500);

        assertThat(purge(true)).isInstanceOf(RoomAnswer.Done.class);

        assertThat(changesSince(before)).containsExactly(new RoomChange.RoomGone(room.id, created));
        assertThat(shard.entities.get(EntityKey.of(room.id))).isEqualTo(new PurgedRoom(created, 0));
    }

    @Test
    void aRoomOfWhichNotEvenTheNumberCanBeReadStays() {
        shard.entities.put(EntityKey.of(room.id), new Damaged(0));
        assertThat(refused(purge(true)).status()).isEqualTo(500);
    }

    @Test
    void aRoomOfWhichOnlyOutliersAreKnownGoesToo() {
        shard.entities.put(EntityKey.of(room.id), Room.unborn(room.id, RoomVersions.V11, created));
        assertThat(purge(false)).isInstanceOf(RoomAnswer.Done.class);
        assertThat(shard.entities.get(EntityKey.of(room.id))).isEqualTo(new PurgedRoom(created, 0));
    }

    @Test
    void whoHasLeftMeanwhileIsNotRemovedAgain() {
        int before = shard.facts.size();
        shard.execute(new RemoveMember(room.id, new UserId("@stranger:example.org")));
        assertThat(shard.facts).hasSize(before);
    }

    @Nested
    class OnceNobodyIsInTheRoom {

        private OnceNobodyIsInTheRoom() {
            shard.execute(new RemoveMember(room.id, ALICE));
            shard.execute(new RemoveMember(room.id, BOB));
        }

        @Test
        void itIsUnknownAtOnceAndItsIdIsNotFree() {
            int before = shard.facts.size();
            purge(false);
            assertThat(changesSince(before)).containsExactly(new RoomChange.RoomGone(room.id, created));
            assertThat(shard.entities.get(EntityKey.of(room.id))).isEqualTo(new PurgedRoom(created, 0));
            assertThat(refused(room.says(ALICE, "anybody?")).status()).isEqualTo(403);
            int after = shard.facts.size();
            purge(true);
            assertThat(shard.facts).hasSize(after);
        }

        @Test
        void itsRowsGoSomeAtATimeAndThenItsIdIsFree() {
            purge(false);
            EventId event = room.events().getFirst().id();
            RoomRemains some = someRows();
            shard.entities.put(EntityKey.ofRemains(created, 0), new PurgeSlice(some, List.of(event)));
            shard.entities.put(EntityKey.ofRemains(created, 1), new PurgeSlice(NOTHING, List.of()));
            int before = shard.facts.size();
            shard.obey();
            assertThat(changesSince(before))
                    .containsExactly(
                            new RoomChange.RowsDeleted(room.id, some, 0),
                            new RoomChange.RowsDeleted(room.id, NOTHING, 1));
            assertThat(shard.entities.get(EntityKey.of(event))).isInstanceOf(Absent.class);
            assertThat(shard.entities.get(EntityKey.of(room.id))).isInstanceOf(Absent.class);
        }

        @Test
        void theReceiptsOfItsMembersGoToo() {
            purge(false);
            RoomRemains some = new RoomRemains(
                    created,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(ALICE.value(), "no user", BOB.value()),
                    List.of(),
                    List.of());
            shard.entities.put(EntityKey.ofRemains(created, 0), new PurgeSlice(some, List.of()));
            shard.entities.put(EntityKey.ofRemains(created, 1), new PurgeSlice(NOTHING, List.of()));
            shard.obey();
            assertThat(shard.orders).singleElement().satisfies(order -> {
                assertThat(order.topic()).isEqualTo(ReceiptTopics.INPUT.name());
                assertThat(Cbor.decode(order.command(), ReceiptCommand.class))
                        .isEqualTo(new DropReceipts(room.id, List.of(ALICE, BOB)));
            });
        }

        @Test
        void aSliceThatIsOrderedTwiceIsDeletedOnce() {
            purge(false);
            shard.entities.put(EntityKey.ofRemains(created, 0), new PurgeSlice(someRows(), List.of()));
            shard.execute(new DeletePurgedRows(room.id, created, 0));
            assertThat(shard.entities.get(EntityKey.of(room.id))).isEqualTo(new PurgedRoom(created, 1));
            int before = shard.facts.size();

            shard.execute(new DeletePurgedRows(room.id, created, 0));
            shard.execute(new DeletePurgedRows(room.id, created, 2));

            assertThat(shard.facts).hasSize(before);
        }

        private RoomRemains someRows() {
            return new RoomRemains(
                    created,
                    List.of(1L),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(1L));
        }

        @Test
        void aSliceOfAnEarlierRoomOfTheSameIdDeletesNothing() {
            purge(false);
            int before = shard.facts.size();
            shard.execute(new DeletePurgedRows(room.id, created + 1, 0));
            assertThat(shard.facts).hasSize(before);
        }

        @Test
        void itsAliasesPointNowhere() {
            shard.execute(new ClaimAlias(PUB, room.id, ALICE, true, 0));
            shard.entities.put(EntityKey.ofRemains(created, 0), new PurgeSlice(NOTHING, List.of()));
            purge(false);
            shard.obey();
            assertThat(shard.entities.get(EntityKey.of(PUB))).isInstanceOf(Absent.class);
        }

        @Test
        void anAliasThatPointsElsewhereByNowStays() {
            RoomId other = new RoomId("!other:example.org");
            shard.execute(new ClaimAlias(PUB, other, ALICE, true, 0));
            shard.execute(new ReleaseAlias(PUB, room.id));
            assertThat(shard.entities.get(EntityKey.of(PUB))).isInstanceOf(AliasEntity.class);
        }
    }
}
