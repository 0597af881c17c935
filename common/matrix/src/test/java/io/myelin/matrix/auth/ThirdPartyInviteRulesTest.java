package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.TestRoom.json;
import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules 5.4.1 and 7. */
@ParameterizedClass
@MethodSource("versions")
class ThirdPartyInviteRulesTest extends InEveryVersion {
    private static final SigningKey IDENTITY_SERVER = SigningKey.generate("ed25519:0", new Random(1));
    private static final SigningKey STRANGER = SigningKey.generate("ed25519:0", new Random(2));

    ThirdPartyInviteRulesTest(RoomVersion version) {
        super(version);
    }

    @Test
    void allowsInviteSignedWithTheKeyInTheRoom() {
        assertAllowed(roomWithInvite(singleKey(IDENTITY_SERVER)), inviteSigned(IDENTITY_SERVER));
        assertAllowed(roomWithInvite(keyList(STRANGER, IDENTITY_SERVER)), inviteSigned(IDENTITY_SERVER));
    }

    @Test
    void rejectsTheBanned() {
        assertRejected(
                "5.4.1.1",
                roomWithInvite(singleKey(IDENTITY_SERVER)).with(BOB.banned()),
                inviteSigned(IDENTITY_SERVER));
    }

    @Test
    void wantsSignedWithUserAndToken() {
        TestRoom room = roomWithInvite(singleKey(IDENTITY_SERVER));
        assertRejected("5.4.1.2", room, invite(json("{}")));
        assertRejected("5.4.1.2", room, ALICE.invites(BOB).withContent("third_party_invite", "x"));
        assertRejected("5.4.1.3", room, inviteOf(json("{'token':'t'}")));
        assertRejected("5.4.1.3", room, inviteOf(json("{'mxid':'@bob:one.example'}")));
    }

    @Test
    void rejectsInviteForAnother() {
        TestRoom room = roomWithInvite(singleKey(IDENTITY_SERVER));
        assertRejected("5.4.1.4", room, inviteOf(json("{'mxid':'@carol:two.example','token':'t'}")));
    }

    @Test
    void rejectsUnknownToken() {
        assertRejected("5.4.1.5", room(), inviteSigned(IDENTITY_SERVER));
    }

    @Test
    void rejectsInviteMadeByAnother() {
        TestRoom room = room().with(CAROL.joined())
                .with(CAROL.sets("m.room.third_party_invite", "t", singleKey(IDENTITY_SERVER)));
        assertRejected("5.4.1.6", room, inviteSigned(IDENTITY_SERVER));
    }

    @Test
    void rejectsOtherSignaturesAndKeys() {
        assertRejected("5.4.1.8", roomWithInvite(singleKey(IDENTITY_SERVER)), inviteSigned(STRANGER));
        assertRejected("5.4.1.8", roomWithInvite(json("{'public_key':'no key'}")), inviteSigned(IDENTITY_SERVER));
        assertRejected("5.4.1.8", roomWithInvite(json("{'public_keys':[1,{}]}")), inviteSigned(IDENTITY_SERVER));
        assertRejected("5.4.1.8", roomWithInvite(JsonObject.EMPTY), inviteSigned(IDENTITY_SERVER));
        assertRejected(
                "5.4.1.8",
                roomWithInvite(singleKey(IDENTITY_SERVER)),
                inviteOf(json("{'mxid':'@bob:one.example','token':'t'}")));
    }

    /** Without a limit, 900 keys and 350 signatures that do not match took eleven seconds. */
    @Test
    void verifiesFewSignaturesHoweverManyThereAre() {
        JsonObject signed = json("{'mxid':'@bob:one.example','token':'t'}");
        for (int i = 0; i < 350; i++) {
            signed = SignedJson.withSignature(signed, "id.example", "ed25519:" + i, bytes(64, i));
        }
        JsonObject invite = JsonObject.EMPTY.with(
                "public_keys",
                new JsonArray(IntStream.range(0, 900)
                        .<Json>mapToObj(i -> JsonObject.of("public_key", UnpaddedBase64.encode(bytes(32, i))))
                        .toList()));
        assertThat(new ThirdPartySignatures(signed, invite).candidates())
                .hasSize(ThirdPartySignatures.MOST_KEYS * ThirdPartySignatures.MOST_SIGNATURES);
        assertRejected("5.4.1.8", roomWithInvite(invite), inviteOf(signed));
    }

    @Test
    void triesEachKeyAndEachSignatureOnce() {
        JsonObject signed = json("{'mxid':'@bob:one.example','token':'t'}");
        for (int i = 0; i < 4; i++) {
            signed = SignedJson.withSignature(signed, "id" + i + ".example", "ed25519:0", bytes(64, 1));
        }
        JsonObject invite = keyList(STRANGER, STRANGER)
                .with("public_key", STRANGER.verifyKey().toBase64());
        assertThat(new ThirdPartySignatures(signed, invite).candidates()).hasSize(1);
        assertThat(ThirdPartySignatures.countSignatures(signed)).isEqualTo(4);
        assertThat(ThirdPartySignatures.countKeys(invite)).isEqualTo(3);
    }

    private static byte[] bytes(int length, int number) {
        byte[] bytes = new byte[length];
        bytes[0] = (byte) number;
        bytes[1] = (byte) (number >> 8);
        return bytes;
    }

    @Test
    void rejectsSignatureByAKeyOfAnotherAlgorithm() {
        JsonObject unsigned = json("{'mxid':'@bob:one.example','token':'t'}");
        byte[] signature = IDENTITY_SERVER.sign(SignedJson.signedBytes(unsigned));
        assertRejected(
                "5.4.1.8",
                roomWithInvite(singleKey(IDENTITY_SERVER)),
                inviteOf(SignedJson.withSignature(unsigned, "id.example", "other:1", signature)));
    }

    @Test
    void makingOneTakesTheInviteLevel() {
        Draft made = BOB.sets("m.room.third_party_invite", "t", JsonObject.EMPTY);
        assertAllowed(room().with(BOB.joined()), made);
        assertRejected("6", room(), made);
        assertRejected("7.1", room().with(BOB.joined()).withPowerLevels("{'invite':1}"), made);
        assertAllowed(room().with(BOB.joined()).withPowerLevels("{'state_default':99}"), made);
    }

    private TestRoom roomWithInvite(JsonObject content) {
        return room().with(ALICE.sets("m.room.third_party_invite", "t", content));
    }

    private static Draft inviteSigned(SigningKey key) {
        return inviteOf(SignedJson.sign(json("{'mxid':'@bob:one.example','token':'t'}"), "id.example", key));
    }

    private static Draft inviteOf(JsonObject signed) {
        return invite(JsonObject.EMPTY.with("signed", signed));
    }

    private static Draft invite(JsonObject thirdPartyInvite) {
        return ALICE.invites(BOB).withContent("third_party_invite", thirdPartyInvite);
    }

    private static JsonObject singleKey(SigningKey key) {
        return json("{'public_key':'" + key.verifyKey().toBase64() + "'}");
    }

    private static JsonObject keyList(SigningKey a, SigningKey b) {
        return json("{'public_keys':[{'public_key':'" + a.verifyKey() + "'},{'public_key':'" + b.verifyKey() + "'}]}");
    }
}
