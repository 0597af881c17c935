package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;

import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Rule 5.7 and the other rules that came with knocking in version 7. */
@ParameterizedClass
@MethodSource("versionsWithKnocking")
class KnockRulesTest extends InEveryVersion {
    KnockRulesTest(RoomVersion version) {
        super(version);
    }

    static List<RoomVersion> versionsWithKnocking() {
        return RoomVersions.supported().subList(6, 12);
    }

    @Test
    void isAllowedWhereTheRoomTakesKnocks() {
        assertAllowed(room().withJoinRule("knock"), BOB.knocks());
        assertAllowed(room().withJoinRule("knock").with(BOB.left()), BOB.knocks());
        assertAllowed(room().withJoinRule("knock").with(BOB.knocked()), BOB.knocks());
    }

    @Test
    void isAllowedInRoomsThatAreRestrictedTooFromVersion10On() {
        TestRoom room = room().withJoinRule("knock_restricted").with(BOB.left());
        if (isUpTo(9)) {
            assertRejected("5.7.1", room, BOB.knocks());
        } else {
            assertAllowed(room, BOB.knocks());
        }
    }

    @Test
    void isRejectedElsewhere() {
        for (String rule : new String[] {"public", "invite", "restricted", "private"}) {
            assertRejected("5.7.1", room().withJoinRule(rule), BOB.knocks());
        }
        assertRejected("5.7.1", room(), BOB.knocks());
    }

    @Test
    void isRejectedInTheNameOfAnother() {
        assertRejected("5.7.2", room().withJoinRule("knock"), ALICE.member(BOB, "knock"));
    }

    @Test
    void isRejectedToBannedInvitedAndJoined() {
        assertRejected("5.7.4", room().withJoinRule("knock").with(BOB.banned()), BOB.knocks());
        assertRejected("5.7.4", room().withJoinRule("knock").with(BOB.invited()), BOB.knocks());
        assertRejected("5.7.4", room().withJoinRule("knock").with(BOB.joined()), BOB.knocks());
    }

    @Test
    void roomThatTakesKnocksIsByInvitation() {
        assertRejected("5.3.7", room().withJoinRule("knock").with(BOB.knocked()), BOB.joins());
        assertAllowed(room().withJoinRule("knock").with(BOB.invited()), BOB.joins());
    }

    @Test
    void knockIsAnsweredWithAnInvitation() {
        assertAllowed(room().with(BOB.joined(), CAROL.knocked()), BOB.invites(CAROL));
    }

    @Test
    void knockIsTakenBack() {
        assertAllowed(room().with(BOB.knocked()), BOB.leaves());
    }
}
