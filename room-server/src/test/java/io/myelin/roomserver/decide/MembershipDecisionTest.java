package io.myelin.roomserver.decide;

import static io.myelin.contracts.room.MembershipAction.BAN;
import static io.myelin.contracts.room.MembershipAction.INVITE;
import static io.myelin.contracts.room.MembershipAction.JOIN;
import static io.myelin.contracts.room.MembershipAction.KICK;
import static io.myelin.contracts.room.MembershipAction.KNOCK;
import static io.myelin.contracts.room.MembershipAction.LEAVE;
import static io.myelin.contracts.room.MembershipAction.UNBAN;
import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.profile;
import static io.myelin.roomserver.TestShard.refused;
import static io.myelin.roomserver.TestShard.sent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.ForgetRoom;
import io.myelin.contracts.room.RoomFact;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.TestRoom;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.myelin.matrix.room.RoomVersions#supported")
class MembershipDecisionTest {

    private final TestRoom room;

    MembershipDecisionTest(RoomVersion version) {
        this.room = aRoom().version(version).create();
    }

    @Test
    void nobodyJoinsAPrivateRoomUninvited() {
        assertThat(refused(room.change(JOIN, BOB, BOB)).errcode()).isEqualTo("M_FORBIDDEN");
    }

    @Test
    void theInvitedJoinWithNameAndAvatar() {
        room.change(INVITE, ALICE, BOB);
        sent(room.change(JOIN, BOB, BOB));
        assertThat(room.membership(BOB)).isEqualTo(Membership.JOIN);
        assertThat(room.state(EventTypes.MEMBER, BOB.value()).string("displayname"))
                .contains("bob");
    }

    @Test
    void theInvitedMayDecline() {
        room.change(INVITE, ALICE, BOB);
        sent(room.change(LEAVE, BOB, BOB));
        assertThat(room.membership(BOB)).isEqualTo(Membership.LEAVE);
    }

    @Test
    void joiningAgainIsTheSameJoin() {
        room.with(BOB);
        EventId first = room.events().getLast().id();
        int before = room.events().size();
        assertThat(sent(room.change(JOIN, BOB, BOB))).isEqualTo(first);
        assertThat(room.events()).hasSize(before);
    }

    @Test
    void nobodyJoinsWhatIsNotThere() {
        RoomAnswer answer = room.shard.execute(ChangeMembership.of(
                new RoomId("!nowhere:example.org"), new Requester(BOB, null, null), JOIN, BOB, null, null, null));
        assertThat(refused(answer).status()).isEqualTo(404);
    }

    @Test
    void strangersCannotInvite() {
        assertThat(refused(room.change(INVITE, BOB, CAROL)).status()).isEqualTo(403);
    }

    @Test
    void privateRoomsTakeNoKnocks() {
        assertThat(refused(room.change(KNOCK, BOB, BOB)).error()).contains("no knocks");
    }

    @Test
    void nobodyLeavesARoomTheyAreNotIn() {
        assertThat(refused(room.change(LEAVE, BOB, BOB)).errcode()).isEqualTo("M_FORBIDDEN");
    }

    @Test
    void nobodyIsKickedFromARoomTheyAreNotIn() {
        assertThat(refused(room.change(KICK, ALICE, BOB)).status()).isEqualTo(403);
    }

    @Test
    void whoIsNotBannedCannotBeUnbanned() {
        room.with(BOB);
        assertThat(refused(room.change(UNBAN, ALICE, BOB)).status()).isEqualTo(403);
        assertThat(room.membership(BOB)).isEqualTo(Membership.JOIN);
    }

    @Test
    void reasonsAreKept() {
        room.with(BOB);
        room.change(KICK, ALICE, BOB, "Too loud");
        assertThat(room.state(EventTypes.MEMBER, BOB.value()).string("reason")).contains("Too loud");
    }

    @Test
    void membersWithoutPowerKickNobody() {
        room.with(BOB, CAROL);
        assertThat(refused(room.change(KICK, BOB, CAROL)).status()).isEqualTo(403);
    }

    @Test
    void membershipIsAsGoodByTheStateEndpoint() {
        room.set(ALICE, EventTypes.MEMBER, BOB.value(), "{\"membership\":\"invite\"}");
        assertThat(room.membership(BOB)).isEqualTo(Membership.INVITE);
        assertThat(room.state(EventTypes.MEMBER, BOB.value()).string("displayname"))
                .contains("bob");
    }

    @Test
    void unknownMembershipsAndStateKeysAreRefused() {
        assertThat(refused(room.set(ALICE, EventTypes.MEMBER, ALICE.value(), "{\"membership\":\"lurk\"}"))
                        .errcode())
                .isEqualTo("M_BAD_JSON");
        assertThat(refused(room.set(ALICE, EventTypes.MEMBER, "bob", "{\"membership\":\"invite\"}"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void roomsAreForgottenOnlyByThoseWhoLeft() {
        room.with(BOB);
        assertThat(refused(room.shard.execute(new ForgetRoom(room.id, BOB))).errcode())
                .isEqualTo("M_UNKNOWN");
        room.change(LEAVE, BOB, BOB);
        assertThat(room.shard.execute(new ForgetRoom(room.id, BOB))).isInstanceOf(RoomAnswer.Done.class);
        assertThat(room.shard.facts.getLast().fact()).isEqualTo(new RoomFact.RoomForgotten(room.id, BOB));
    }

    @Test
    void whoOwnsAnInvitedAddressJoinsByItsSignature() {
        SigningKey identityServer = SigningKey.generate("ed25519:0", new Random(2));
        room.set(
                ALICE,
                EventTypes.THIRD_PARTY_INVITE,
                "token",
                "{\"display_name\":\"b...\",\"public_key\":\""
                        + identityServer.verifyKey().toBase64() + "\"}");
        JsonObject signed = SignedJson.sign(
                JsonObject.of("mxid", BOB.value()).with("token", "token").with("sender", ALICE.value()),
                "id.example.org",
                identityServer);
        sent(room.shard.execute(ChangeMembership.of(
                room.id,
                new Requester(BOB, null, null),
                JOIN,
                BOB,
                null,
                profile(BOB, 1, "bob"),
                JsonObject.of("third_party_signed", signed).toString().getBytes(UTF_8))));
        assertThat(room.membership(BOB)).isEqualTo(Membership.JOIN);
        assertThat(room.story()).endsWith("invite", "join");
        assertThat(room.state(EventTypes.MEMBER, BOB.value()).has("third_party_signed"))
                .isFalse();
    }

    @Nested
    class Banned {

        Banned() {
            room.with(BOB);
            sent(room.change(BAN, ALICE, BOB));
        }

        @Test
        void cannotSpeakJoinOrBeInvited() {
            assertThat(refused(room.says(BOB, "But")).status()).isEqualTo(403);
            assertThat(refused(room.change(JOIN, BOB, BOB)).status()).isEqualTo(403);
            assertThat(refused(room.change(INVITE, ALICE, BOB)).status()).isEqualTo(403);
        }

        @Test
        void areNotKickedBeyondThat() {
            assertThat(refused(room.change(KICK, ALICE, BOB)).status()).isEqualTo(403);
        }

        @Test
        void mayBeInvitedAfterTheBanIsLifted() {
            sent(room.change(UNBAN, ALICE, BOB));
            sent(room.change(INVITE, ALICE, BOB));
            assertThat(room.membership(BOB)).isEqualTo(Membership.INVITE);
        }
    }

    /** A public room with a user of another server in it, whose join was received. */
    @Nested
    class WithOthersInIt {

        private static final UserId CARL = new UserId("@carl:elsewhere.example");

        private WithOthersInIt() {
            room.set(ALICE, EventTypes.JOIN_RULES, "", "{\"join_rule\":\"public\"}");
            sent(room.change(JOIN, CARL, CARL));
        }

        @Test
        void nobodyComesInOnceAllOfOursHaveLeft() {
            sent(room.change(LEAVE, ALICE, ALICE));

            assertThat(refused(room.change(JOIN, ALICE, ALICE)))
                    .satisfies(error -> assertThat(error.status()).isEqualTo(404))
                    .satisfies(error -> assertThat(error.errcode()).isEqualTo("M_NOT_FOUND"))
                    .satisfies(error -> assertThat(error.error()).contains("other servers"));
            assertThat(refused(room.set(BOB, EventTypes.MEMBER, BOB.value(), "{\"membership\":\"join\"}"))
                            .status())
                    .isEqualTo(404);
            assertThat(refused(room.change(KNOCK, BOB, BOB)).status()).isEqualTo(404);
        }

        @Test
        void oursComeInWhileOneOfThemIsThere() {
            sent(room.change(JOIN, BOB, BOB));
            sent(room.change(LEAVE, ALICE, ALICE));
            sent(room.change(JOIN, ALICE, ALICE));
            assertThat(room.membership(ALICE)).isEqualTo(Membership.JOIN);
        }

        @Test
        void oursComeBackWhenNobodyElseIsLeft() {
            sent(room.change(LEAVE, CARL, CARL));
            sent(room.change(LEAVE, ALICE, ALICE));
            sent(room.change(JOIN, ALICE, ALICE));
            assertThat(room.membership(ALICE)).isEqualTo(Membership.JOIN);
        }
    }

    @Test
    void aRoomOfOursAloneIsRejoined() {
        room.set(ALICE, EventTypes.JOIN_RULES, "", "{\"join_rule\":\"public\"}");
        sent(room.change(LEAVE, ALICE, ALICE));
        sent(room.change(JOIN, ALICE, ALICE));
        assertThat(room.membership(ALICE)).isEqualTo(Membership.JOIN);
    }
}
