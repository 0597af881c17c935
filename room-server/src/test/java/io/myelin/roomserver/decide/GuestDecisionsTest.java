package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.GuestsOfRoom;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuestDecisionsTest {
    private static final UserId DAVE = new UserId("@dave:example.org");

    private final TestShard shard = new TestShard();
    private final TestRoom room = aRoom(shard)
            .preset("public_chat")
            .initially(EventTypes.GUEST_ACCESS, "{\"guest_access\":\"can_join\"}")
            .create();

    private RoomAnswer joinAsGuest(UserId guest) {
        return shard.execute(ChangeMembership.of(
                room.id,
                new Requester(guest, null, null),
                MembershipAction.JOIN,
                guest,
                null,
                null,
                "{\"kind\":\"guest\"}".getBytes(StandardCharsets.UTF_8)));
    }

    private void access(String content) {
        room.set(ALICE, EventTypes.GUEST_ACCESS, "", content);
    }

    /** Sets what the database answers when the next fact ends guest access. */
    private void guests(UserId after, boolean isAll, UserId... some) {
        String key = EntityKey.ofGuests(room.now().created(), shard.facts.size() + 1L, after.value());
        shard.entities.put(key, new GuestsOfRoom(List.of(some), isAll));
    }

    @Test
    void guestsLeaveInSlicesWhenTheyAreLetInNoMore() {
        room.with(BOB);
        joinAsGuest(CAROL);
        joinAsGuest(DAVE);
        guests(new UserId(""), false, CAROL);
        guests(CAROL, true, DAVE);
        access("{\"guest_access\":\"forbidden\"}");
        shard.obey();
        assertThat(room.membership(CAROL)).isEqualTo(Membership.LEAVE);
        assertThat(room.membership(DAVE)).isEqualTo(Membership.LEAVE);
        assertThat(room.membership(BOB)).isEqualTo(Membership.JOIN);
        assertThat(refused(joinAsGuest(CAROL)).errcode()).isEqualTo("M_GUEST_ACCESS_FORBIDDEN");
    }

    @Test
    void guestsLeaveWhenTheRoomSaysNothingOfThemAnyMore() {
        joinAsGuest(CAROL);
        guests(new UserId(""), true, CAROL);
        access("{}");
        shard.obey();
        assertThat(room.membership(CAROL)).isEqualTo(Membership.LEAVE);
    }

    @Test
    void guestsLeaveHoweverDeepTheContentIsThatSaysSo() {
        joinAsGuest(CAROL);
        guests(new UserId(""), true, CAROL);
        access("{\"guest_access\":\"forbidden\",\"nested\":" + "[".repeat(99) + "]".repeat(99) + "}");
        shard.obey();
        assertThat(room.membership(CAROL)).isEqualTo(Membership.LEAVE);
    }

    @Test
    void guestsStayIfTheyAreLetInAgainBeforeTheyWereMadeToLeave() {
        joinAsGuest(CAROL);
        guests(new UserId(""), true, CAROL);
        access("{\"guest_access\":\"forbidden\"}");
        access("{\"guest_access\":\"can_join\"}");
        shard.obey();
        assertThat(room.membership(CAROL)).isEqualTo(Membership.JOIN);
    }

    @Test
    void aRoomThatBeginsWithoutGuestsHasNobodyToRemove() {
        shard.orders.clear();
        aRoom(shard).preset("public_chat").create();
        assertThat(shard.orders).isEmpty();
    }
}
