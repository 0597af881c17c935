package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.refused;
import static io.myelin.roomserver.TestShard.sent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.PolicyCheck;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomAnswer.PolicySignatureNeeded;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.PolicyServer;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyServerDecisionTest {
    private static final ServerName POLICY = new ServerName("policy.example.org");
    private static final UserId BOT = new UserId("@bot:policy.example.org");
    private static final SigningKey KEY = key(7);
    private static final SigningKey OTHER_KEY = key(8);

    private final TestShard shard = new TestShard();
    private final TestRoom room = aRoom(shard).preset("public_chat").create().with(BOB, BOT);

    private static SigningKey key(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        return SigningKey.fromSeed(PolicyServer.KEY_ID, UnpaddedBase64.encode(bytes));
    }

    @BeforeEach
    void theRoomHasAPolicyServer() {
        policy(KEY);
    }

    private void policy(SigningKey key) {
        sent(room.set(
                ALICE,
                EventTypes.POLICY,
                "",
                "{\"via\":\"" + POLICY + "\",\"public_keys\":{\"ed25519\":\""
                        + UnpaddedBase64.encode(key.verifyKey().toBytes()) + "\"}}"));
    }

    private RoomAnswer send(UserId sender, String type, @Nullable String stateKey, String content, PolicyCheck check) {
        return shard.execute(new SendEvent(
                room.id,
                new Requester(sender, "DEVICE", null),
                type,
                stateKey,
                content.getBytes(UTF_8),
                null,
                null,
                null,
                null,
                check));
    }

    private RoomAnswer says(String text, PolicyCheck check) {
        return send(BOB, EventTypes.MESSAGE, null, "{\"body\":\"" + text + "\"}", check);
    }

    private PolicySignatureNeeded draft(String text) {
        return needed(says(text, PolicyCheck.ASKS));
    }

    private static PolicySignatureNeeded needed(RoomAnswer answer) {
        assertThat(answer).isInstanceOf(PolicySignatureNeeded.class);
        return (PolicySignatureNeeded) answer;
    }

    private static PolicyCheck signed(PolicySignatureNeeded needed, SigningKey key) {
        Pdu draft = Pdu.stored(RoomVersions.find(needed.version()).orElseThrow(), needed.id(), needed.event());
        return new PolicyCheck(draft.signedBy(POLICY, key).bytes(), needed.state());
    }

    private Pdu newest() {
        var event = room.events().getLast();
        return Pdu.stored(RoomVersions.find(event.version()).orElseThrow(), event.id(), event.body());
    }

    @Test
    void draftsAnEventThatThePolicyServerMustSign() {
        int before = shard.facts.size();
        PolicySignatureNeeded needed = draft("hello");
        assertThat(needed.server()).isEqualTo(POLICY);
        assertThat(needed.key()).isEqualTo(KEY.verifyKey().toBytes());
        assertThat(shard.facts).hasSize(before);
    }

    @Test
    void takesItAsItWasDraftedWithTheSignature() {
        PolicySignatureNeeded needed = draft("hello");
        EventId id = sent(says("hello", signed(needed, KEY)));
        assertThat(id).isEqualTo(needed.id());
        assertThat(newest().bearsSignatureOf(POLICY)).isTrue();
        assertThat(newest().bearsSignatureOf(TestShard.SIGNER.server())).isTrue();
    }

    @Test
    void draftsAnewWhatAnotherKeyHasSigned() {
        needed(says("hello", signed(draft("hello"), OTHER_KEY)));
    }

    @Test
    void draftsAnewWhatSaysSomethingElse() {
        needed(says("something else", signed(draft("hello"), KEY)));
    }

    @Test
    void draftsAnewWhatThisServerHasNotSigned() {
        PolicySignatureNeeded needed = draft("hello");
        Pdu draft = Pdu.stored(RoomVersions.find(needed.version()).orElseThrow(), needed.id(), needed.event());
        Pdu unsigned = Pdu.of(draft.version(), draft.json().without("signatures"));
        needed(says("hello", new PolicyCheck(unsigned.signedBy(POLICY, KEY).bytes(), needed.state())));
        needed(says("hello", new PolicyCheck("{}".getBytes(UTF_8), needed.state())));
        needed(says("hello", new PolicyCheck(new byte[] {1}, needed.state())));
    }

    @Test
    void messagesThatAreSignedAtTheSameTimeAreAllTakenAndTheNextComesAfterThem() {
        List<PolicySignatureNeeded> drafts = List.of(draft("one"), draft("two"), draft("three"));
        List<EventId> taken = List.of(
                sent(says("one", signed(drafts.get(0), KEY))),
                sent(says("two", signed(drafts.get(1), KEY))),
                sent(says("three", signed(drafts.get(2), KEY))));
        sent(says("next", signed(draft("next"), KEY)));
        assertThat(Set.copyOf(newest().prevEvents())).isEqualTo(Set.copyOf(taken));
        assertThat(room.now().extremities()).hasSize(1);
    }

    @Test
    void draftsAMessageAnewIfTheStateHasChanged() {
        PolicySignatureNeeded needed = draft("hello");
        sent(room.set(ALICE, EventTypes.TOPIC, "", "{\"topic\":\"other\"}"));
        needed(says("hello", signed(needed, KEY)));
    }

    @Test
    void draftsStateAnewIfTheRoomHasGoneOn() {
        PolicySignatureNeeded topic =
                needed(send(ALICE, EventTypes.TOPIC, "", "{\"topic\":\"x\"}", PolicyCheck.ASKS));
        sent(room.says(BOB, "of a writer that does not ask"));
        PolicySignatureNeeded again =
                needed(send(ALICE, EventTypes.TOPIC, "", "{\"topic\":\"x\"}", signed(topic, KEY)));
        sent(send(ALICE, EventTypes.TOPIC, "", "{\"topic\":\"x\"}", signed(again, KEY)));
        assertThat(room.now().isSettled()).isTrue();
    }

    @Test
    void draftsAnewIfTheRoomHasAnotherKeyByNow() {
        PolicySignatureNeeded needed = draft("hello");
        policy(OTHER_KEY);
        assertThat(needed(says("hello", signed(needed, KEY))).key())
                .isEqualTo(OTHER_KEY.verifyKey().toBytes());
    }

    @Test
    void anEventIsTakenOnceThoughItIsDraftedTwice() {
        shard.now = 1_800_000_000_000L;
        PolicySignatureNeeded one = draft("hello");
        shard.now = 1_800_000_000_000L;
        PolicySignatureNeeded same = draft("hello");
        assertThat(same.id()).isEqualTo(one.id());
        sent(says("hello", signed(one, KEY)));
        PolicySignatureNeeded again = needed(says("hello", signed(same, KEY)));
        assertThat(sent(says("hello", signed(again, KEY)))).isNotEqualTo(one.id());
    }

    @Test
    void aKeyThatIsNoneLetsNothingPassButAnotherPolicy() {
        sent(send(
                ALICE,
                EventTypes.POLICY,
                "",
                "{\"via\":\"policy.example.org\",\"public_keys\":{\"ed25519\":\"AAAA\"}}",
                PolicyCheck.ASKS));
        assertThat(refused(says("hello", PolicyCheck.ASKS)).status()).isEqualTo(403);
        sent(send(ALICE, EventTypes.POLICY, "", "{}", PolicyCheck.ASKS));
    }

    @Test
    void membershipsAreSignedToo() {
        RoomAnswer leave = shard.execute(new ChangeMembership(
                room.id,
                new Requester(BOB, "DEVICE", null),
                MembershipAction.LEAVE,
                BOB,
                null,
                null,
                null,
                List.of(),
                PolicyCheck.ASKS));
        needed(leave);
    }

    @Test
    void thePolicyItselfIsNotSigned() {
        sent(send(ALICE, EventTypes.POLICY, "", "{}", PolicyCheck.ASKS));
        sent(says("free again", PolicyCheck.ASKS));
    }

    @Test
    void aServerWithoutAUserInTheRoomIsNotItsPolicyServer() {
        room.change(MembershipAction.LEAVE, BOT, BOT);
        sent(says("hello", PolicyCheck.ASKS));
    }

    @Test
    void aPolicyThatNamesNoServerOrKeyIsNone() {
        for (String content : List.of(
                "{}",
                "{\"via\":7,\"public_keys\":{}}",
                "{\"via\":\"policy.example.org\",\"public_keys\":{\"ed25519\":7}}",
                "{\"via\":\"example.org\",\"public_keys\":{\"ed25519\":\""
                        + UnpaddedBase64.encode(KEY.verifyKey().toBytes()) + "\"}}")) {
            sent(send(ALICE, EventTypes.POLICY, "", content, PolicyCheck.ASKS));
            sent(says("hello " + content.hashCode(), PolicyCheck.ASKS));
        }
    }

    @Test
    void whatTheRulesRefuseIsNotDrafted() {
        var stranger = new UserId("@stranger:example.org");
        assertThat(refused(send(stranger, EventTypes.MESSAGE, null, "{}", PolicyCheck.ASKS))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aWriterOfTheReleaseBeforeSendsAsIfThereWereNone() {
        sent(room.says(BOB, "hello"));
    }

    @Test
    void aStickyEventSaysForHowLong() {
        RoomAnswer answer = shard.execute(new SendEvent(
                room.id,
                new Requester(ALICE, "DEVICE", null),
                EventTypes.MESSAGE,
                null,
                "{}".getBytes(UTF_8),
                null,
                null,
                null,
                60_000L,
                null));
        sent(answer);
        assertThat(newest().json().object("msc4354_sticky").orElseThrow().integer("duration_ms"))
                .hasValue(60_000);
        assertThat(newest().redacted().json().has("msc4354_sticky")).isFalse();
    }
}
