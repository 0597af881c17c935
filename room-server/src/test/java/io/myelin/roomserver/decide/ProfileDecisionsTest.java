package io.myelin.roomserver.decide;

import static io.myelin.contracts.room.MembershipAction.BAN;
import static io.myelin.contracts.room.MembershipAction.INVITE;
import static io.myelin.contracts.room.MembershipAction.JOIN;
import static io.myelin.contracts.room.MembershipAction.KNOCK;
import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.profile;
import static io.myelin.roomserver.TestShard.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.RoomCommand.ApplyProfile;
import io.myelin.contracts.room.RoomCommand.RefreshMember;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.PendingRooms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfileDecisionsTest {

    private final TestShard shard = new TestShard();
    private final TestRoom room = aRoom(shard).create().with(BOB);

    private String bobsName(TestRoom in) {
        return in.state(EventTypes.MEMBER, BOB.value()).string("displayname").orElse("");
    }

    @Test
    void aNewNameFollowsIntoEveryRoomOnce() {
        TestRoom other = aRoom(shard).create().with(BOB);
        shard.execute(new ApplyProfile(0, profile(BOB, 2, "Robert"), null));
        shard.obey();
        assertThat(bobsName(room)).isEqualTo("Robert");
        assertThat(bobsName(other)).isEqualTo("Robert");
        int before = shard.facts.size();
        shard.execute(new RefreshMember(room.id, profile(BOB, 2, "Robert")));
        assertThat(shard.facts).hasSize(before);
    }

    @Test
    void anOlderProfileNeverReplacesANewerOne() {
        shard.execute(new ApplyProfile(0, profile(BOB, 3, "Robert"), null));
        shard.execute(new ApplyProfile(0, profile(BOB, 2, "Bobby"), null));
        shard.obey();
        assertThat(bobsName(room)).isEqualTo("Robert");
    }

    @Test
    void manyChangesGiveOneOrderForEachRoom() {
        shard.orders.clear();
        for (int i = 2; i < 50; i++) {
            shard.execute(new ApplyProfile(0, profile(BOB, i, "Bob " + i), null));
        }
        assertThat(shard.orders).hasSize(1);
        shard.obey();
        assertThat(bobsName(room)).isEqualTo("Bob 49");
        shard.execute(new ApplyProfile(0, profile(BOB, 50, "Robert"), null));
        shard.obey();
        assertThat(bobsName(room)).isEqualTo("Robert");
    }

    @Test
    void whomARoomDidNotLetChangeTheirNameLeavesItNevertheless() {
        room.set(ALICE, "m.room.join_rules", "", "{\"join_rule\":\"private\"}");
        shard.execute(new ApplyProfile(0, profile(BOB, 2, "Robert"), null));
        shard.obey();
        assertThat(bobsName(room)).isNotEqualTo("Robert");
        shard.execute(new ApplyProfile(0, new Profile(BOB, new Position(0, 1, 3), null, null, Map.of(), true), null));
        shard.obey();
        assertThat(room.membership(BOB)).isEqualTo(Membership.LEAVE);
    }

    @Test
    void whoJoinsLaterJoinsUnderTheNewerName() {
        TestRoom later = aRoom(shard).create();
        shard.execute(new ApplyProfile(0, profile(BOB, 2, "Robert"), null));
        shard.obey();
        later.change(INVITE, ALICE, BOB);
        later.change(JOIN, BOB, BOB);
        assertThat(bobsName(later)).isEqualTo("Robert");
    }

    @Test
    void manyRoomsAreDoneInSlices() {
        List<TestRoom> rooms = new ArrayList<>();
        for (int i = 0; i < 230; i++) {
            rooms.add(aRoom(shard).createdBy(BOB).create());
        }
        shard.orders.clear();
        shard.execute(new ApplyProfile(0, profile(BOB, 2, "Robert"), null));
        assertThat(shard.orders).hasSize(101);
        shard.obey();
        assertThat(rooms).allSatisfy(each -> assertThat(bobsName(each)).isEqualTo("Robert"));
    }

    @Test
    void theDeactivatedLeave() {
        Profile gone = new Profile(BOB, new Position(0, 1, 2), null, null, Map.of(), true);
        shard.execute(new ApplyProfile(0, gone, null));
        shard.obey();
        assertThat(room.membership(BOB)).isEqualTo(Membership.LEAVE);
        room.change(INVITE, ALICE, BOB);
        assertThat(refused(room.change(JOIN, BOB, BOB)).errcode()).isEqualTo("M_USER_DEACTIVATED");
    }

    @Test
    void theDeactivatedRejectInvitationsAndTakeKnocksBackInSlices() {
        TestRoom inviting = aRoom(shard).create();
        inviting.change(INVITE, ALICE, BOB);
        TestRoom knocked = aRoom(shard)
                .initially("m.room.join_rules", "{\"join_rule\":\"knock\"}")
                .create();
        knocked.change(KNOCK, BOB, BOB);
        TestRoom banning = aRoom(shard).create();
        banning.change(BAN, ALICE, BOB);
        String first = EntityKey.ofPending(BOB, 2, "");
        String next = EntityKey.ofPending(BOB, 2, inviting.id.value());
        shard.entities.put(first, new PendingRooms(List.of(inviting.id), false));
        shard.entities.put(next, new PendingRooms(List.of(knocked.id, banning.id), true));
        shard.execute(new ApplyProfile(0, new Profile(BOB, new Position(0, 1, 2), null, null, Map.of(), true), null));
        shard.obey();
        assertThat(inviting.membership(BOB)).isEqualTo(Membership.LEAVE);
        assertThat(knocked.membership(BOB)).isEqualTo(Membership.LEAVE);
        assertThat(banning.membership(BOB)).isEqualTo(Membership.BAN);
    }

    @Test
    void anInvitationOutlivesANewName() {
        TestRoom inviting = aRoom(shard).create();
        inviting.change(INVITE, ALICE, BOB);
        shard.execute(new RefreshMember(inviting.id, profile(BOB, 2, "Robert")));
        assertThat(inviting.membership(BOB)).isEqualTo(Membership.INVITE);
    }
}
