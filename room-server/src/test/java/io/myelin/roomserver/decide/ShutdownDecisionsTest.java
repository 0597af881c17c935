package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.RoomAdminCommand.BlockRoom;
import io.myelin.contracts.room.RoomAdminCommand.ShutDownRoom;
import io.myelin.contracts.room.RoomAdminCommand.Shutdown;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ClaimAlias;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomShutdown;
import io.myelin.engine.Numbered;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import io.myelin.roomserver.room.AliasEntity;
import io.myelin.roomserver.room.Damaged;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.PurgedRoom;
import io.myelin.roomserver.room.RoomChange;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShutdownDecisionsTest {
    private static final RoomAlias PUB = new RoomAlias("#pub:example.org");

    private final TestShard shard = new TestShard();
    private final TestRoom room = aRoom(shard).create().with(BOB);
    private final TestRoom newRoom =
            aRoom(shard).createdBy(CAROL).preset("public_chat").create();

    private RoomAnswer shutDown(@Nullable RoomId moveTo, boolean purged) {
        return shard.execute(new ShutDownRoom(room.id, List.of(PUB), new Shutdown(moveTo, purged), null, false));
    }

    private RoomAnswer block(boolean blocked) {
        return shard.execute(new BlockRoom(room.id, CAROL, blocked));
    }

    private void bobMayJoin() {
        room.set(ALICE, EventTypes.JOIN_RULES, "", "{\"join_rule\":\"public\"}");
    }

    @Test
    void usersAndAliasesAreMovedToTheNewRoom() {
        shard.execute(new ClaimAlias(PUB, room.id, ALICE, true, 0));
        shutDown(newRoom.id, false);
        shard.obey();
        assertThat(List.of(ALICE, BOB))
                .allSatisfy(user -> assertThat(newRoom.now().membership(user)).isEqualTo(Membership.JOIN))
                .allSatisfy(user -> assertThat(room.now().membership(user)).isEqualTo(Membership.LEAVE));
        assertThat(shard.entities.get(EntityKey.of(PUB)))
                .isInstanceOfSatisfying(
                        AliasEntity.class, alias -> assertThat(alias.room()).isEqualTo(newRoom.id));
    }

    @Test
    void isNotedOnceWithWhoWasThere() {
        shutDown(newRoom.id, false);
        assertThat(refused(shutDown(newRoom.id, true)).status()).isEqualTo(400);
        shard.execute(new ShutDownRoom(room.id, List.of(PUB), new Shutdown(newRoom.id, false), null, true));
        RoomShutdown noted = new RoomShutdown(List.of(ALICE, BOB), List.of(PUB), newRoom.id, false, false);
        assertThat(shard.changes)
                .filteredOn(RoomChange.ShutdownNoted.class::isInstance)
                .containsExactly(new RoomChange.ShutdownNoted(room.id, noted));
    }

    @Test
    void aRoomThatStaysIsOpenAgainWhenAllWereAsked() {
        bobMayJoin();
        shutDown(null, false);
        assertThat(refused(room.change(MembershipAction.JOIN, CAROL, CAROL)).status())
                .isEqualTo(404);
        shard.obey();
        assertThat(shard.changes).hasAtLeastOneElementOfType(RoomChange.ShutdownEnded.class);
        assertThat(room.change(MembershipAction.JOIN, CAROL, CAROL)).isInstanceOf(RoomAnswer.EventSent.class);
    }

    @Test
    void aRoomWithoutUsersOfOursIsJustNoted() {
        shutDown(null, false);
        shard.obey();
        int before = shard.changes.size();
        shutDown(null, false);
        assertThat(shard.changes.subList(before, shard.changes.size()))
                .containsExactly(new RoomChange.ShutdownNoted(
                        room.id, new RoomShutdown(List.of(), List.of(), null, false, false)));
    }

    @Test
    void itsAliasesStayWithARoomThatStaysUnlessTheyAreMoved() {
        shard.execute(new ClaimAlias(PUB, room.id, ALICE, true, 0));
        shutDown(null, false);
        shard.obey();
        assertThat(shard.entities.get(EntityKey.of(PUB))).isInstanceOf(AliasEntity.class);
    }

    @Test
    void whoIsInvitedLeavesToo() {
        room.change(MembershipAction.INVITE, ALICE, CAROL);
        shutDown(newRoom.id, false);
        shard.obey();
        assertThat(room.now().membership(CAROL)).isEqualTo(Membership.LEAVE);
        assertThat(shard.facts)
                .extracting(Numbered::fact)
                .contains(new RoomFact.RoomForgotten(room.id, CAROL), new RoomFact.RoomForgotten(room.id, BOB));
    }

    @Test
    void aRoomThatCannotBeReadStaysIfItIsToStay() {
        long created = room.now().created();
        shard.entities.put(EntityKey.of(room.id), new Damaged(created));
        int before = shard.facts.size();
        assertThat(refused(shutDown(null, false)).status()).isEqualTo(500);
        assertThat(shard.facts).hasSize(before);
        assertThat(shutDown(null, true)).isInstanceOf(RoomAnswer.Done.class);
    }

    @Test
    void aRoomThatIsPurgedGoesAfterItsUsers() {
        shard.execute(new ShutDownRoom(room.id, List.of(), new Shutdown(null, true), BOB, false));
        assertThat(shard.entities.get(EntityKey.of(room.id))).isInstanceOf(PurgedRoom.class);
    }

    @Test
    void nobodyEntersABlockedRoom() {
        bobMayJoin();
        block(true);
        UserId dora = new UserId("@dora:example.org");
        assertThat(refused(room.change(MembershipAction.JOIN, CAROL, CAROL)).error())
                .contains("blocked");
        assertThat(refused(room.change(MembershipAction.INVITE, ALICE, dora)).errcode())
                .isEqualTo("M_FORBIDDEN");
        assertThat(refused(room.change(MembershipAction.KNOCK, CAROL, CAROL)).status())
                .isEqualTo(403);
        assertThat(refused(room.set(CAROL, EventTypes.MEMBER, CAROL.value(), "{\"membership\":\"join\"}"))
                        .status())
                .isEqualTo(403);
        assertThat(room.change(MembershipAction.LEAVE, BOB, BOB)).isInstanceOf(RoomAnswer.EventSent.class);
        assertThat(room.says(ALICE, "still here")).isInstanceOf(RoomAnswer.EventSent.class);
        block(false);
        assertThat(room.change(MembershipAction.JOIN, CAROL, CAROL)).isInstanceOf(RoomAnswer.EventSent.class);
    }

    @Test
    void aBlockIsAFactOnceAndNeedsNoRoom() {
        RoomId unknown = new RoomId("!unknown:example.org");
        shard.execute(new BlockRoom(unknown, ALICE, true));
        assertThat(shard.changes.getLast()).isEqualTo(new RoomChange.BlockSet(unknown, ALICE));
        int before = shard.changes.size();
        shard.execute(new BlockRoom(unknown, BOB, true));
        assertThat(shard.changes).hasSize(before);
        shard.execute(new BlockRoom(unknown, BOB, false));
        assertThat(shard.changes.getLast()).isEqualTo(new RoomChange.BlockSet(unknown, null));
    }
}
