package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.clientroomsend.membership.ThirdPartyInvites;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invitations by address, with a fake identity server. */
class ThirdPartyInviteTest {
    private static final String INVITE = "rooms/" + ROOM + "/invite";
    private static final String ONBIND = "/_matrix/federation/v1/3pid/onbind";
    private static final String BY_MAIL =
            "{\"id_server\":\"id.example\",\"id_access_token\":\"t\",\"medium\":\"email\",\"address\":\"bob@example.org\"}";

    private final RunningWriter writer = RunningWriter.shared();
    private final SigningKey key = SigningKey.generate("ed25519:0", new java.util.Random(1));
    private final String publicKey = UnpaddedBase64.encode(key.verifyKey().toBytes());

    @BeforeEach
    void aRoomOfAlice() {
        writer.rooms().reset();
        writer.rooms().room(ROOM, ALICE);
        writer.identities().reset();
        writer.identities().key(publicKey);
    }

    private JsonObject signed() {
        JsonObject proof = JsonObject.of("mxid", BOB.value()).with("token", "token");
        String signature = UnpaddedBase64.encode(key.sign(SignedJson.signedBytes(proof)));
        return proof.with("signatures", JsonObject.of("id.example", JsonObject.of("ed25519:0", signature)));
    }

    private String bound() {
        return JsonObject.of("medium", "email")
                .with("address", "bob@example.org")
                .with("mxid", BOB.value())
                .with(
                        "invites",
                        JsonArray.of(JsonObject.of("mxid", BOB.value())
                                .with("room_id", ROOM.value())
                                .with("sender", ALICE.value())
                                .with("signed", signed())))
                .toString();
    }

    private void invited() {
        writer.rooms()
                .state(
                        ROOM,
                        ALICE,
                        "m.room.third_party_invite",
                        "token",
                        "{\"display_name\":\"Bob\",\"public_key\":\"" + publicKey
                                + "\",\"key_validity_url\":\"https://x/isvalid\"}");
    }

    @Test
    void whoseAddressIsKnownIsInvitedAsAnybody() {
        writer.identities().publish("bob@example.org", BOB);
        writer.post(INVITE, BY_MAIL).ok();
        ChangeMembership invite = writer.rooms().only(ChangeMembership.class);
        assertThat(invite.action()).isEqualTo(MembershipAction.INVITE);
        assertThat(invite.target()).isEqualTo(BOB);
        assertThat(writer.identities().invited()).isEmpty();
    }

    @Test
    void whoseAddressIsUnknownIsInvitedByTheRoom() {
        writer.post(INVITE, BY_MAIL).ok();
        SendEvent event = writer.rooms().only(SendEvent.class);
        assertThat(event.type()).isEqualTo("m.room.third_party_invite");
        assertThat(event.stateKey()).isEqualTo("token");
        JsonObject content = JsonParser.parseObject(event.content());
        assertThat(content.string("display_name")).contains("a...@b...");
        assertThat(content.string("public_key")).contains(publicKey);
        assertThat(content.array("public_keys").orElseThrow().size()).isEqualTo(1);
    }

    @Test
    void whoMayNotInviteHasNoMailSent() {
        writer.as(BOB, "POST", INVITE, BY_MAIL).isRefused(403, "M_FORBIDDEN");
        writer.rooms().state(ROOM, ALICE, "m.room.power_levels", "", "{\"invite\":50}");
        writer.rooms().state(ROOM, BOB, "m.room.member", BOB.value(), "{\"membership\":\"join\"}");
        writer.as(BOB, "POST", INVITE, BY_MAIL).isRefused(403, "M_FORBIDDEN");
        assertThat(writer.identities().invited()).isEmpty();
    }

    @Test
    void anIdentityServersRefusalReachesTheClient() {
        writer.identities().fail(403, "M_UNAUTHORIZED");
        writer.post(INVITE, BY_MAIL).isRefused(403, "M_UNAUTHORIZED");
        writer.post(INVITE, "{\"medium\":\"email\",\"address\":\"a@b\"}").isRefused(400, "M_MISSING_PARAM");
    }

    @Test
    void aNewRoomBeginsWithAFewOfThem() {
        String many = ("," + BY_MAIL).repeat(ThirdPartyInvites.MOST_AT_ONCE + 1).substring(1);
        writer.post("createRoom", "{\"invite_3pid\":[" + many + "]}").isRefused(400, "M_INVALID_PARAM");
    }

    @Test
    void anAddressThatHasAUserNowBecomesAnInvitation() {
        invited();
        writer.at(null, "POST", ONBIND, bound()).ok();
        SendEvent event = writer.rooms().only(SendEvent.class);
        assertThat(event.requester().user()).isEqualTo(ALICE);
        assertThat(event.stateKey()).isEqualTo(BOB.value());
        JsonObject invite = JsonParser.parseObject(event.content());
        assertThat(invite.string("membership")).contains("invite");
        assertThat(invite.object("third_party_invite").flatMap(it -> it.string("display_name")))
                .contains("Bob");
    }

    @Test
    void aProofByARevokedKeyOrByNoneOfTheRoomsIsWorthNothing() {
        writer.at(null, "PUT", ONBIND, bound()).isRefused(403, "M_FORBIDDEN");
        invited();
        writer.identities().revoke(publicKey);
        writer.at(null, "PUT", ONBIND, bound()).isRefused(403, "M_FORBIDDEN");
        String join = "{\"third_party_signed\":" + signed().with("sender", ALICE.value()) + "}";
        writer.as(BOB, "POST", "rooms/" + ROOM + "/join", join).isRefused(403, "M_FORBIDDEN");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void whoIsInTheRoomOrBannedIsNotInvitedAgain() {
        invited();
        writer.rooms().state(ROOM, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"ban\"}");
        writer.at(null, "PUT", ONBIND, bound()).ok();
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void aProofIsTakenUpOnceHoweverOftenItIsSent() {
        invited();
        String invites = bound();
        int from = invites.indexOf("[{") + 1;
        String one = invites.substring(from, invites.lastIndexOf(']'));
        String many = invites.replace(one, (one + ",").repeat(99) + one);
        writer.at(null, "PUT", ONBIND, many).ok();
        assertThat(writer.identities().validities()).isEqualTo(1);
        assertThat(writer.rooms().all(SendEvent.class)).hasSize(1);
    }

    @Test
    void whoHasLeftOrLostTheirPowerInvitesNobody() {
        writer.rooms().reset();
        writer.rooms().room(ROOM, ALICE, "11");
        invited();
        writer.rooms().state(ROOM, ALICE, "m.room.power_levels", "", "{\"invite\":50,\"users_default\":0}");
        writer.at(null, "PUT", ONBIND, bound()).ok();
        writer.rooms().state(ROOM, ALICE, "m.room.power_levels", "", "{\"invite\":0}");
        writer.rooms().state(ROOM, BOB, "m.room.member", ALICE.value(), "{\"membership\":\"ban\"}");
        writer.at(null, "PUT", ONBIND, bound()).ok();
        assertThat(writer.rooms().received()).isEmpty();
        assertThat(writer.identities().validities()).isZero();
    }

    @Test
    void whoJoinsByAnothersProofAsksNobody() {
        invited();
        String join = "{\"third_party_signed\":" + signed().with("sender", ALICE.value()) + "}";
        writer.post("rooms/" + ROOM + "/join", join).ok();
        assertThat(writer.identities().validities()).isZero();
    }
}
