package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;

import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules 5.2 and 5.3.5, which came with version 8. */
@ParameterizedClass
@MethodSource("versionsWithRestrictedJoins")
class RestrictedJoinRulesTest extends InEveryVersion {
    RestrictedJoinRulesTest(RoomVersion version) {
        super(version);
    }

    static List<RoomVersion> versionsWithRestrictedJoins() {
        return RoomVersions.supported().subList(7, 12);
    }

    @Test
    void isAllowedToInvitedAndJoined() {
        for (String rule : restrictedRules()) {
            assertAllowed(room().withJoinRule(rule).with(BOB.invited()), BOB.joins());
            assertAllowed(room().withJoinRule(rule).with(BOB.joined()), BOB.joins());
        }
    }

    @Test
    void isAllowedWhenAMemberWhoMayInviteAuthorises() {
        for (String rule : restrictedRules()) {
            assertAllowed(room().withJoinRule(rule), BOB.joinsAuthorisedBy(ALICE));
        }
    }

    @Test
    void isRejectedWithoutAuthorisation() {
        for (String rule : restrictedRules()) {
            assertRejected("5.3.5.2", room().withJoinRule(rule), BOB.joins());
            assertRejected("5.3.5.2", room().withJoinRule(rule).with(BOB.knocked()), BOB.joins());
        }
    }

    @Test
    void isRejectedWhenTheAuthorisingUserIsNoMember() {
        TestUser dave = new TestUser(new UserId("@dave:one.example"));
        assertRejected("5.3.5.2", room().withJoinRule("restricted"), BOB.joinsAuthorisedBy(dave));
    }

    @Test
    void isRejectedWhenTheAuthorisingUserMayNotInvite() {
        TestUser dave = new TestUser(new UserId("@dave:one.example"));
        TestRoom room = room().with(dave.joined()).withJoinRule("restricted").withPowerLevels("{'invite':50}");
        assertRejected("5.3.5.2", room, BOB.joinsAuthorisedBy(dave));
    }

    @Test
    void isAllowedWhenTheAuthorisingUserHasJustTheLevelToInvite() {
        TestUser dave = new TestUser(new UserId("@dave:one.example"));
        TestRoom room = room().with(dave.joined())
                .withJoinRule("restricted")
                .withPowerLevels("{'invite':50,'users':{'@dave:one.example':50}}");
        assertAllowed(room, BOB.joinsAuthorisedBy(dave));
    }

    @Test
    void isRejectedWhenTheAuthorisingServerHasNotSigned() {
        assertRejected("5.2.1", room().with(CAROL.joined()).withJoinRule("restricted"), BOB.joinsAuthorisedBy(CAROL));
        assertRejected(
                "5.2.1",
                room().withJoinRule("restricted"),
                BOB.joins().withContent("join_authorised_via_users_server", "nobody"));
        assertRejected(
                "5.2.1",
                room().withJoinRule("public"),
                BOB.joins().withContent("join_authorised_via_users_server", Json.of(1)));
    }

    private List<String> restrictedRules() {
        return isUpTo(9) ? List.of("restricted") : List.of("restricted", "knock_restricted");
    }
}
