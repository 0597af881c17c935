package io.myelin.roomserver.decide;

import static io.myelin.contracts.room.MembershipAction.INVITE;
import static io.myelin.contracts.room.MembershipAction.JOIN;
import static io.myelin.contracts.room.MembershipAction.LEAVE;
import static io.myelin.matrix.event.RequiredSignatures.AUTHORISING_USER;
import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.profile;
import static io.myelin.roomserver.TestShard.refused;
import static io.myelin.roomserver.TestShard.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Position;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.JoinedElsewhere;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.TestRoom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Restricted joins, which came with room version 8. */
@ParameterizedClass
@MethodSource("versionsWithRestrictedJoins")
class RestrictedJoinTest {

    private static final RoomId SPACE = new RoomId("!space:example.org");

    private final TestRoom restricted;

    RestrictedJoinTest(RoomVersion version) {
        this.restricted = aRoom().version(version)
                .initially(
                        EventTypes.JOIN_RULES,
                        "{\"join_rule\":\"restricted\",\"allow\":[{\"type\":\"m.room_membership\",\"room_id\":\""
                                + SPACE.value() + "\"}]}")
                .create();
    }

    static List<RoomVersion> versionsWithRestrictedJoins() {
        return RoomVersions.supported().stream().filter(RoomVersion::restricted).toList();
    }

    private RoomAnswer join(List<JoinedElsewhere> elsewhere) {
        return restricted.shard.execute(new ChangeMembership(
                restricted.id,
                new Requester(BOB, null, null),
                JOIN,
                BOB,
                null,
                profile(BOB, 1, "bob"),
                null,
                elsewhere,
                null));
    }

    @Test
    void membersOfTheOtherRoomJoinByTheWordOfALocalMember() {
        sent(join(List.of(new JoinedElsewhere(SPACE, new Position(3, 1, 9)))));
        assertThat(restricted.state(EventTypes.MEMBER, BOB.value()).string(AUTHORISING_USER))
                .contains(ALICE.value());
    }

    @Test
    void othersDoNot() {
        RoomId other = new RoomId("!other:example.org");
        assertThat(refused(join(List.of())).status()).isEqualTo(403);
        assertThat(refused(join(List.of(new JoinedElsewhere(other, new Position(3, 1, 9)))))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void nobodyVouchesForThemselves() {
        RoomAnswer answer = restricted.set(
                BOB,
                EventTypes.MEMBER,
                BOB.value(),
                "{\"membership\":\"join\",\"join_authorised_via_users_server\":\"" + ALICE.value() + "\"}");
        assertThat(refused(answer).status()).isEqualTo(403);
    }

    @Test
    void nobodyIsLetInWithoutAMemberWhoMay() {
        restricted.change(LEAVE, ALICE, ALICE);
        assertThat(refused(join(List.of(new JoinedElsewhere(SPACE, new Position(3, 1, 9)))))
                        .errcode())
                .isEqualTo("M_UNABLE_TO_GRANT_JOIN");
    }

    @Test
    void theInvitedNeedNobodysWord() {
        restricted.change(INVITE, ALICE, BOB);
        sent(join(List.of()));
        assertThat(restricted.state(EventTypes.MEMBER, BOB.value()).has(AUTHORISING_USER))
                .isFalse();
    }
}
