package io.myelin.accountserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.account.UserKeys.Usage;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommand.NewDevice;
import io.myelin.contracts.account.KeyAnswer;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.KeyCommand.KeySignature;
import io.myelin.contracts.account.KeyCommand.SignedKey;
import io.myelin.contracts.account.KeyFact;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CrossSigningDecisionsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId BOB = UserId.parse("@bob:example.org");

    private final Lane lane = new Lane();
    private final SignedKeys keys = new SignedKeys(ALICE, 1);
    private final SignedKeys others = new SignedKeys(ALICE, 2);
    private final SigningKey phone = SigningKey.generate("ed25519:PHONE", new Random(3));

    @BeforeEach
    void register() {
        lane.decide(new AccountCommand.Register(
                ALICE, "hash", new NewDevice("PHONE", null, new byte[32]), false, false, null));
        lane.decide(new KeyCommand.UploadKeys(
                ALICE, "PHONE", CanonicalJson.encode(keys.device("PHONE", phone)), List.of(), List.of()));
    }

    private Lane.Result set(
            @Nullable JsonObject master,
            @Nullable JsonObject selfSigning,
            @Nullable JsonObject userSigning,
            boolean authenticated) {
        return lane.decide(new KeyCommand.SetCrossSigningKeys(
                ALICE, bytes(master), bytes(selfSigning), bytes(userSigning), authenticated));
    }

    private static byte @Nullable [] bytes(@Nullable JsonObject key) {
        return key == null ? null : CanonicalJson.encode(key);
    }

    private Lane.Result setAll() {
        return set(keys.master(), keys.selfSigning(), keys.userSigning(), false);
    }

    private Lane.Result sign(UserId owner, String target, JsonObject signed, String keyId, SigningKey signer) {
        String signature = signed.object("signatures")
                .flatMap(all -> all.object(ALICE.value()))
                .flatMap(all -> all.string(keyId))
                .orElseThrow();
        return lane.decide(new KeyCommand.AddSignatures(
                ALICE,
                List.of(new SignedKey(
                        owner,
                        target,
                        SignedJson.signedBytes(signed),
                        List.of(new KeySignature(keyId, signer.verifyKey().toBase64(), signature))))));
    }

    private UserKeys stored() {
        return (UserKeys) lane.state(new EntityKey.OfKeys(ALICE));
    }

    private static List<KeyAnswer.SignatureFailure> failures(Lane.Result result) {
        return ((KeyAnswer.SignaturesAdded) result.answer()).failures();
    }

    @Test
    void theFirstKeysNeedNoProof() {
        assertThat(setAll().answer()).isInstanceOf(AccountAnswer.Done.class);
        assertThat(stored().crossSigning()).containsOnlyKeys(Usage.values());
    }

    @Test
    void theSameKeysAgainNeedNoProof() {
        setAll();
        var again = setAll();
        assertThat(again.answer()).isInstanceOf(AccountAnswer.Done.class);
        assertThat(again.decision().facts()).isEmpty();
    }

    @Test
    void otherKeysNeedProof() {
        setAll();
        var refused = set(others.master(), others.selfSigning(), null, false);
        assertThat(refused.answer()).isInstanceOf(KeyAnswer.ProofNeeded.class);
        assertThat(refused.decision().facts()).isEmpty();
        assertThat(set(others.master(), others.selfSigning(), null, true).keyFacts())
                .containsExactly(new KeyFact.DeviceListChanged(ALICE));
    }

    @Test
    void aKeyThatIsAddedToOthersNeedsProof() {
        set(keys.master(), null, null, false);
        assertThat(set(null, keys.selfSigning(), null, false).answer()).isInstanceOf(KeyAnswer.ProofNeeded.class);
    }

    @Test
    void onlyTheUserSeesAUserSigningKey() {
        set(keys.master(), null, null, false);
        assertThat(set(null, null, keys.userSigning(), true).keyFacts())
                .containsExactly(new KeyFact.UserSigned(ALICE, ALICE));
    }

    @Test
    void refusesKeysWithoutAMasterKey() {
        set(null, keys.selfSigning(), null, false).isRefused(400, "M_MISSING_PARAM");
    }

    @Test
    void refusesKeysThatAnotherMasterKeySigned() {
        set(keys.master(), others.selfSigning(), null, false).isRefused(400, "M_INVALID_SIGNATURE");
    }

    @Test
    void aNewMasterKeyVoidsWhatTheOldOneSigned() {
        setAll();
        set(others.master(), null, null, true);
        assertThat(stored().crossSigning()).containsOnlyKeys(Usage.MASTER);
    }

    @Test
    void refusesAKeyWithTheIdOfADevice() {
        String id = keys.master.verifyKey().toBase64();
        lane.decide(new AccountCommand.BeginSession(ALICE, new NewDevice(id, null, new byte[32])));
        setAll().isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void noDeviceGetsTheIdOfAKey() {
        setAll();
        for (SigningKey key : List.of(keys.master, keys.selfSigning, keys.userSigning)) {
            NewDevice device = new NewDevice(key.verifyKey().toBase64(), null, new byte[32]);
            lane.decide(new AccountCommand.BeginSession(ALICE, device)).isRefused(400, "M_FORBIDDEN");
            lane.decide(new AccountCommand.Login(ALICE, "hash", device)).isRefused(400, "M_FORBIDDEN");
        }
        NewDevice long43 = new NewDevice("x".repeat(43), null, new byte[32]);
        assertThat(lane.decide(new AccountCommand.BeginSession(ALICE, long43)).answer())
                .isInstanceOf(AccountAnswer.Done.class);
    }

    @Test
    void refusesAKeyThatIsAlreadyOneForAnotherUse() {
        set(keys.master(), keys.selfSigning(), null, false);
        JsonObject twice = keys.sign(
                keys.selfSigning().without("signatures").with("usage", JsonArray.ofStrings(List.of("user_signing"))),
                keys.master);
        set(null, null, twice, true).isRefused(403, "M_FORBIDDEN");
    }

    /** What was uploaded with a key stays when a device signs it, too, though it is of no device. */
    @Test
    void aMasterKeyKeepsTheSignaturesItCameWith() {
        JsonObject itself = keys.sign(keys.master(), keys.master);
        set(itself, null, null, false);
        JsonObject signed = keys.signByDevice(itself, "PHONE", phone);
        sign(ALICE, keys.master.verifyKey().toBase64(), signed, "ed25519:PHONE", phone);
        assertThat(stored().crossSigning().get(Usage.MASTER)).isEqualTo(CanonicalJson.encode(signed));
    }

    /** Devices come and go; their signatures do not make a key grow for ever. */
    @Test
    void aMasterKeyWithTooManySignaturesLosesThoseOfDevicesThatAreGone() {
        setAll();
        String master = keys.master.verifyKey().toBase64();
        for (int i = 0; i < 300; i++) {
            String id = "D" + i + "-" + "x".repeat(200);
            SigningKey key = SigningKey.generate("ed25519:any", new Random(i));
            lane.decide(new AccountCommand.BeginSession(ALICE, new NewDevice(id, null, new byte[32])));
            lane.decide(new KeyCommand.UploadKeys(
                    ALICE, id, CanonicalJson.encode(keys.device(id, key)), List.of(), List.of()));
            assertThat(failures(sign(ALICE, master, keys.signByDevice(keys.master(), id, key), "ed25519:" + id, key)))
                    .isEmpty();
        }
        assertThat(stored().crossSigning().get(Usage.MASTER))
                .hasSizeLessThanOrEqualTo(KeyLimits.CROSS_SIGNING_KEY_BYTES);
    }

    @Test
    void theSameKeysUploadedAgainKeepTheirSignature() {
        addsTheSignatureOnADevice();
        JsonObject withMore = keys.signByDevice(keys.sign(keys.device("PHONE", phone), keys.selfSigning), "X", phone);
        lane.decide(new KeyCommand.UploadKeys(ALICE, "PHONE", CanonicalJson.encode(withMore), List.of(), List.of()));
        var device = stored().devices().get("PHONE");
        assertThat(device).isNotNull();
        assertThat(device.signature()).isNotNull();
    }

    @Test
    void addsTheSignatureOnADevice() {
        setAll();
        JsonObject signed = keys.sign(keys.device("PHONE", phone), keys.selfSigning);
        var result = sign(ALICE, "PHONE", signed, SignedKeys.id(keys.selfSigning), keys.selfSigning);
        assertThat(failures(result)).isEmpty();
        assertThat(result.keyFacts()).containsExactly(new KeyFact.DeviceListChanged(ALICE));
        var again = sign(ALICE, "PHONE", signed, SignedKeys.id(keys.selfSigning), keys.selfSigning);
        assertThat(again.decision().facts()).isEmpty();
    }

    @Test
    void anotherSelfSigningKeyVoidsItsSignatures() {
        addsTheSignatureOnADevice();
        set(others.master(), others.selfSigning(), null, true);
        var device = stored().devices().get("PHONE");
        assertThat(device).isNotNull();
        assertThat(device.signature()).isNull();
    }

    @Test
    void addsTheSignatureOfADeviceOnTheMasterKey() {
        setAll();
        JsonObject signed = keys.signByDevice(keys.master(), "PHONE", phone);
        String master = keys.master.verifyKey().toBase64();
        assertThat(failures(sign(ALICE, master, signed, "ed25519:PHONE", phone)))
                .isEmpty();
        assertThat(stored().crossSigning().get(Usage.MASTER)).isEqualTo(CanonicalJson.encode(signed));
    }

    @Test
    void refusesASignatureOnAnotherKeyThanTheStoredOne() {
        setAll();
        SigningKey other = SigningKey.generate("ed25519:PHONE", new Random(4));
        JsonObject signed = keys.sign(keys.device("PHONE", other), keys.selfSigning);
        var result = sign(ALICE, "PHONE", signed, SignedKeys.id(keys.selfSigning), keys.selfSigning);
        assertThat(failures(result))
                .singleElement()
                .satisfies(failure -> assertThat(failure.error().errcode()).isEqualTo("M_UNKNOWN"));
        assertThat(result.decision().facts()).isEmpty();
    }

    @Test
    void refusesASignatureByAKeyThatIsNotTheUsersAnyMore() {
        setAll();
        JsonObject signed = keys.sign(keys.device("PHONE", phone), others.selfSigning);
        assertThat(failures(sign(ALICE, "PHONE", signed, SignedKeys.id(others.selfSigning), others.selfSigning)))
                .singleElement()
                .satisfies(failure -> assertThat(failure.error().errcode()).isEqualTo("M_INVALID_SIGNATURE"));
    }

    @Test
    void remembersWhoseMasterKeyTheUserHasSigned() {
        setAll();
        SignedKeys bobs = new SignedKeys(BOB, 5);
        JsonObject signed = keys.sign(bobs.master(), keys.userSigning);
        String target = bobs.master.verifyKey().toBase64();
        var result = sign(BOB, target, signed, SignedKeys.id(keys.userSigning), keys.userSigning);
        assertThat(failures(result)).isEmpty();
        assertThat(result.keyFacts()).containsExactly(new KeyFact.UserSigned(ALICE, BOB));
        assertThat(stored().signedUsers()).containsOnlyKeys(BOB);
    }
}
