package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.TestRoom.aRoom;
import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Rule 5; third-party invites, knocking and restricted rooms aside. */
@ParameterizedClass
@MethodSource("versions")
class MembershipRulesTest extends InEveryVersion {
    MembershipRulesTest(RoomVersion version) {
        super(version);
    }

    @Test
    void wantsStateKeyAndMembership() {
        assertRejected("5.1", room(), ALICE.joins().withStateKey(null));
        assertRejected("5.1", room(), ALICE.joins().withContent(JsonObject.EMPTY));
    }

    @Test
    void rejectsUnknownMembership() {
        assertRejected("5.8", room(), ALICE.member(ALICE, "lurk"));
        assertRejected("5.8", room(), ALICE.joins().withContent("membership", Json.of(1)));
    }

    @Test
    void knockingIsUnknownUpToVersion6() {
        if (isUpTo(6)) {
            assertRejected("5.8", room().withJoinRule("knock"), BOB.knocks());
        } else {
            assertAllowed(room().withJoinRule("knock"), BOB.knocks());
        }
    }

    @Test
    void authorisingUserMeansNothingUpToVersion7() {
        Draft join = BOB.joins().withContent("join_authorised_via_users_server", "nobody");
        if (isUpTo(7)) {
            assertAllowed(room().withJoinRule("public"), join);
        } else {
            assertRejected("5.2.1", room().withJoinRule("public"), join);
        }
    }

    @Nested
    class Joining {
        @Test
        void isAllowedToTheCreatorRightAfterTheCreateEvent() {
            TestRoom room = aRoom().version(version).createdButNotJoinedBy(ALICE);
            AuthResultAssert.assertThat(
                            room.check(room.eventAfter(room.createEvent().eventId(), ALICE.joins())))
                    .isAllowed();
            AuthResultAssert.assertThat(
                            room.check(room.eventAfter(room.createEvent().eventId(), BOB.joins())))
                    .isRejectedBy("5.3.7", version);
            assertRejected("5.3.7", room, ALICE.joins());
        }

        @Test
        void isRejectedInTheNameOfAnother() {
            assertRejected("5.3.2", room().withJoinRule("public"), ALICE.member(BOB, "join"));
        }

        @Test
        void isRejectedToTheBanned() {
            assertRejected("5.3.3", room().withJoinRule("public").with(BOB.banned()), BOB.joins());
        }

        @Test
        void publicRoomIsOpenToAll() {
            assertAllowed(room().withJoinRule("public"), BOB.joins());
            assertAllowed(room().withJoinRule("public").with(BOB.left()), BOB.joins());
        }

        @Test
        void roomByInvitationIsOpenToTheInvited() {
            assertRejected("5.3.7", room().withJoinRule("invite"), BOB.joins());
            assertRejected("5.3.7", room().withJoinRule("invite").with(BOB.left()), BOB.joins());
            assertAllowed(room().withJoinRule("invite").with(BOB.invited()), BOB.joins());
            assertAllowed(room().withJoinRule("invite").with(BOB.joined()), BOB.joins());
        }

        @Test
        void roomWithoutJoinRulesIsByInvitation() {
            assertRejected("5.3.7", room(), BOB.joins());
            assertAllowed(room().with(BOB.invited()), BOB.joins());
        }

        @Test
        void ruleOfALaterVersionIsUnknown() {
            for (String rule : laterJoinRules()) {
                assertRejected("5.3.7", room().withJoinRule(rule).with(BOB.invited()), BOB.joins());
            }
        }

        private List<String> laterJoinRules() {
            if (isUpTo(6)) {
                return List.of("knock", "restricted", "knock_restricted");
            }
            if (isUpTo(7)) {
                return List.of("restricted", "knock_restricted");
            }
            return isUpTo(9) ? List.of("knock_restricted") : List.of();
        }

        @Test
        void nobodyJoinsByAnUnknownRule() {
            assertRejected("5.3.7", room().withJoinRule("private").with(BOB.invited()), BOB.joins());
            assertRejected("5.3.7", room().withJoinRule("whatever").with(BOB.invited()), BOB.joins());
        }
    }

    @Nested
    class Inviting {
        @Test
        void isAllowedToMembersByDefault() {
            assertAllowed(room().with(BOB.joined()), BOB.invites(CAROL));
            assertAllowed(room().with(BOB.joined(), CAROL.left()), BOB.invites(CAROL));
            assertAllowed(room().with(BOB.joined(), CAROL.invited()), BOB.invites(CAROL));
        }

        @Test
        void isRejectedToThoseOutside() {
            assertRejected("5.4.2", room(), BOB.invites(CAROL));
            assertRejected("5.4.2", room().with(BOB.invited()), BOB.invites(CAROL));
        }

        @Test
        void isRejectedForMembersAndBanned() {
            assertRejected("5.4.3", room().with(BOB.joined()), ALICE.invites(BOB));
            assertRejected("5.4.3", room().with(BOB.banned()), ALICE.invites(BOB));
        }

        @Test
        void saysWhetherTheInvitedAreInOrBanned() {
            assertThat(room().with(BOB.joined()).check(ALICE.invites(BOB)).toString())
                    .contains("already in this room");
            assertThat(room().with(BOB.banned()).check(ALICE.invites(BOB)).toString())
                    .contains("banned from this room");
        }

        @Test
        void isRejectedBelowTheInviteLevel() {
            TestRoom room = room().with(BOB.joined()).withPowerLevels("{'invite':1}");
            assertRejected("5.4.5", room, BOB.invites(CAROL));
        }
    }

    @Nested
    class Leaving {
        @Test
        void isAllowedToJoinedAndInvited() {
            assertAllowed(room().with(BOB.joined()), BOB.leaves());
            assertAllowed(room().with(BOB.invited()), BOB.leaves());
        }

        @Test
        void isRejectedToThoseOutside() {
            assertRejected("5.5.1", room(), BOB.leaves());
            assertRejected("5.5.1", room().with(BOB.left()), BOB.leaves());
            assertRejected("5.5.1", room().with(BOB.banned()), BOB.leaves());
        }
    }

    @Nested
    class Kicking {
        private final String levels = "{'users':{'@bob:one.example':50,'@carol:two.example':%d},'ban':%d,'kick':50}";

        @Test
        void isAllowedAboveTheTargetAndTheKickLevel() {
            TestRoom room = room().with(BOB.joined(), CAROL.joined()).withPowerLevels(levels.formatted(49, 60));
            assertAllowed(room, BOB.kicks(CAROL));
            assertAllowed(room.with(CAROL.invited()), BOB.kicks(CAROL));
        }

        @Test
        void isRejectedToThoseOutside() {
            TestRoom room = room().with(CAROL.joined()).withPowerLevels(levels.formatted(0, 50));
            assertRejected("5.5.2", room, BOB.kicks(CAROL));
        }

        @Test
        void isRejectedForEqualsAndSuperiors() {
            TestRoom room = room().with(BOB.joined(), CAROL.joined());
            assertRejected("5.5.5", room.withPowerLevels(levels.formatted(50, 50)), BOB.kicks(CAROL));
            assertRejected("5.5.5", room.withPowerLevels(levels.formatted(51, 50)), BOB.kicks(CAROL));
        }

        @Test
        void isRejectedBelowTheKickLevel() {
            TestRoom room =
                    room().with(BOB.joined(), CAROL.joined()).withPowerLevels("{'users':{'@bob:one.example':49}}");
            assertRejected("5.5.5", room, BOB.kicks(CAROL));
        }

        @Test
        void liftsBansWithTheBanLevelToo() {
            TestRoom room = room().with(BOB.joined(), CAROL.banned());
            assertAllowed(room.withPowerLevels(levels.formatted(0, 50)), BOB.kicks(CAROL));
            assertRejected("5.5.3", room.withPowerLevels(levels.formatted(0, 51)), BOB.kicks(CAROL));
        }
    }

    @Nested
    class Banning {
        private final String levels = "{'users':{'@bob:one.example':50,'@carol:two.example':%d},'ban':%d}";

        @Test
        void isAllowedAboveTheTargetAndTheBanLevel() {
            TestRoom room = room().with(BOB.joined()).withPowerLevels(levels.formatted(49, 50));
            assertAllowed(room, BOB.bans(CAROL));
            assertAllowed(room.with(CAROL.joined()), BOB.bans(CAROL));
        }

        @Test
        void isRejectedToThoseOutside() {
            assertRejected("5.6.1", room().withPowerLevels(levels.formatted(0, 50)), BOB.bans(CAROL));
        }

        @Test
        void isRejectedForEqualsAndBelowTheBanLevel() {
            TestRoom room = room().with(BOB.joined(), CAROL.joined());
            assertRejected("5.6.3", room.withPowerLevels(levels.formatted(50, 50)), BOB.bans(CAROL));
            assertRejected("5.6.3", room.withPowerLevels(levels.formatted(0, 51)), BOB.bans(CAROL));
        }
    }
}
