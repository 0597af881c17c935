package io.myelin.accountserver.account;

import io.myelin.accountserver.account.KeyChange.Row;
import io.myelin.accountserver.account.UserKeys.KeySignature;
import io.myelin.accountserver.account.UserKeys.OfDevice;
import io.myelin.accountserver.account.UserKeys.SignedMaster;
import io.myelin.accountserver.account.UserKeys.Usage;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.KeyAnswer;
import io.myelin.contracts.account.KeyAnswer.SignatureFailure;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.KeyCommand.SignedKey;
import io.myelin.contracts.account.KeyFact;
import io.myelin.engine.shard.Decision;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides on cross-signing keys, and on signatures that users add to keys. Client-server API, "Cross-signing". */
final class CrossSigningDecisions {
    /** How long the public key of a cross-signing key is at least, in base64. */
    static final int KEY_CHARACTERS = 43;

    private static final String ED25519 = "ed25519:";

    private CrossSigningDecisions() {}

    /**
     * The first set of keys needs no proof of who the user is, and neither do the same keys again (MSC3967). Whoever
     * replaces a key, or adds one to those that exist, has to prove it.
     */
    static Decision<UserState, AccountChange> set(
            UserState.Account account, UserKeys before, KeyCommand.SetCrossSigningKeys set, Outcome outcome) {
        Map<Usage, byte[]> changed = new EnumMap<>(Usage.class);
        putIfNew(before, Usage.MASTER, set.master(), changed);
        putIfNew(before, Usage.SELF_SIGNING, set.selfSigning(), changed);
        putIfNew(before, Usage.USER_SIGNING, set.userSigning(), changed);
        if (changed.isEmpty()) {
            return outcome.unchanged();
        }
        byte[] knownMaster = before.crossSigning(Usage.MASTER);
        if (knownMaster != null && !set.authenticated()) {
            return outcome.unchanged(new KeyAnswer.ProofNeeded(outcome.last()));
        }
        byte[] master = set.master() == null ? knownMaster : set.master();
        if (master == null) {
            return outcome.refused(new MatrixError(
                    400, "M_MISSING_PARAM", "There is no master key, which has to sign the other keys."));
        }
        MatrixError refusal = refusal(set, publicKey(master).orElse(""));
        refusal = refusal == null ? collision(account, before, changed) : refusal;
        if (refusal != null) {
            return outcome.refused(refusal);
        }
        UserKeys after = before;
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<Usage, byte[]> each : changed.entrySet()) {
            after = after.withCrossSigning(each.getKey(), each.getValue());
            rows.add(new Row.CrossSigningKey(each.getKey(), each.getValue()));
        }
        for (Usage usage : List.of(Usage.SELF_SIGNING, Usage.USER_SIGNING)) {
            byte[] other = after.crossSigning(usage);
            if (other != null && !isSignedBy(publicKey(master).orElse(""), set.user(), other)) {
                after = after.withoutCrossSigning(usage);
                rows.add(new Row.CrossSigningKey(usage, null));
            }
        }
        if (changed.containsKey(Usage.SELF_SIGNING) || after.crossSigning(Usage.SELF_SIGNING) == null) {
            for (Map.Entry<String, OfDevice> each : before.devices().entrySet()) {
                if (each.getValue().signature() != null) {
                    var unsigned = new OfDevice(each.getValue().uploaded(), null);
                    after = after.withDevice(each.getKey(), unsigned);
                    rows.add(new Row.DeviceKeys(each.getKey(), unsigned));
                }
            }
        }
        if (changed.containsKey(Usage.MASTER) || changed.containsKey(Usage.SELF_SIGNING)) {
            outcome.deviceListChanged(rows);
        } else {
            outcome.add(new KeyChange.KeysSet(new KeyFact.UserSigned(set.user(), set.user()), rows));
        }
        return outcome.done(Map.of(new EntityKey.OfKeys(set.user()).text(), after));
    }

    private static void putIfNew(UserKeys before, Usage usage, byte @Nullable [] key, Map<Usage, byte[]> changed) {
        if (key == null) {
            return;
        }
        byte[] known = before.crossSigning(usage);
        if (known == null || !Arrays.equals(signedBytes(known), signedBytes(key))) {
            changed.put(usage, key);
        }
    }

    /**
     * The other keys were verified with the master key that signed them; here it is checked that this is the user's master
     * key.
     */
    private static @Nullable MatrixError refusal(KeyCommand.SetCrossSigningKeys set, String master) {
        boolean isSigned =
                isSignedBy(master, set.user(), set.selfSigning()) && isSignedBy(master, set.user(), set.userSigning());
        return isSigned
                ? null
                : new MatrixError(
                        400,
                        "M_INVALID_SIGNATURE",
                        "The self-signing and the user-signing key must be signed by the master key.");
    }

    /** Clients tell a device from a cross-signing key by the ID alone. */
    private static @Nullable MatrixError collision(
            UserState.Account account, UserKeys before, Map<Usage, byte[]> changed) {
        Map<Usage, byte[]> keys = new EnumMap<>(Usage.class);
        keys.putAll(before.crossSigning());
        keys.putAll(changed);
        Set<String> ids = new HashSet<>();
        for (byte[] key : keys.values()) {
            String id = publicKey(key).orElse("");
            if (account.devices().containsKey(id) || !ids.add(id)) {
                return MatrixError.forbidden(
                        "A cross-signing key has the ID of a device, or of another of these keys.");
            }
        }
        return null;
    }

    private static boolean isSignedBy(String master, UserId user, byte @Nullable [] key) {
        return key == null
                || SignedJson.signature(parse(key), user.value(), ED25519 + master)
                        .isPresent();
    }

    // --- signatures

    static Decision<UserState, AccountChange> sign(UserKeys before, KeyCommand.AddSignatures add, Outcome outcome) {
        UserId user = add.user();
        UserKeys after = before;
        List<Row> own = new ArrayList<>();
        List<SignatureFailure> failures = new ArrayList<>();
        for (SignedKey key : add.keys()) {
            MatrixError refusal;
            if (!key.owner().equals(user)) {
                refusal = refusalOfOthers(after, key);
                SignedMaster signed = refusal == null ? signedMaster(key) : null;
                if (signed != null && !signed.equals(after.signedUsers().get(key.owner()))) {
                    after = after.withSigned(key.owner(), signed);
                    outcome.add(new KeyChange.KeysSet(
                            new KeyFact.UserSigned(user, key.owner()),
                            List.of(new Row.SignedUser(key.owner(), signed))));
                }
            } else if (isMaster(after, key)) {
                refusal = refusalOfMaster(after, key);
                byte[] known = after.crossSigning(Usage.MASTER);
                byte[] master = refusal == null && known != null ? withSignatures(known, after, user, key) : known;
                if (master != null && master.length > KeyLimits.CROSS_SIGNING_KEY_BYTES) {
                    refusal = new MatrixError(400, "M_TOO_LARGE", "The master key has too many signatures.");
                    master = known;
                }
                if (master != null && !Arrays.equals(master, known)) {
                    after = after.withCrossSigning(Usage.MASTER, master);
                    own.add(new Row.CrossSigningKey(Usage.MASTER, master));
                }
            } else {
                refusal = refusalOfDevice(after, key);
                OfDevice known = after.devices().get(key.target());
                if (refusal == null && known != null) {
                    var signed = new OfDevice(known.uploaded(), first(key));
                    if (!first(key).equals(known.signature())) {
                        after = after.withDevice(key.target(), signed);
                        own.add(new Row.DeviceKeys(key.target(), signed));
                    }
                }
            }
            if (refusal != null) {
                failures.add(new SignatureFailure(key.owner(), key.target(), refusal));
            }
        }
        if (!own.isEmpty()) {
            outcome.deviceListChanged(own);
        }
        Map<String, UserState> states = new HashMap<>();
        if (after != before) {
            states.put(new EntityKey.OfKeys(user).text(), after);
        }
        return outcome.done(states, at -> new KeyAnswer.SignaturesAdded(at, failures));
    }

    private static boolean isMaster(UserKeys keys, SignedKey key) {
        byte[] master = keys.crossSigning(Usage.MASTER);
        return master != null && publicKey(master).filter(key.target()::equals).isPresent();
    }

    private static @Nullable MatrixError refusalOfDevice(UserKeys keys, SignedKey key) {
        OfDevice device = keys.devices().get(key.target());
        if (device == null) {
            return MatrixError.notFound("You have no such device, or it has no keys.");
        }
        return isSigned(device.uploaded(), key)
                ? refusalOfSigner(keys.crossSigning(Usage.SELF_SIGNING), "self-signing", key)
                : mismatch();
    }

    private static @Nullable MatrixError refusalOfMaster(UserKeys keys, SignedKey key) {
        byte[] master = keys.crossSigning(Usage.MASTER);
        if (master == null || !isSigned(master, key)) {
            return mismatch();
        }
        for (KeyCommand.KeySignature signature : key.signatures()) {
            OfDevice device = keys.devices().get(deviceOf(signature.keyId()));
            boolean isOurs = device != null
                    && parse(device.uploaded())
                            .object("keys")
                            .flatMap(all -> all.string(signature.keyId()))
                            .filter(signature.publicKey()::equals)
                            .isPresent();
            if (!isOurs) {
                return invalid("The master key is signed by none of your devices.");
            }
        }
        return null;
    }

    private static @Nullable MatrixError refusalOfOthers(UserKeys keys, SignedKey key) {
        if (!keys.signedUsers().containsKey(key.owner()) && keys.signedUsers().size() >= KeyLimits.SIGNED_USERS) {
            return new MatrixError(
                    400, "M_TOO_LARGE", "You can sign the keys of at most " + KeyLimits.SIGNED_USERS + " users.");
        }
        return refusalOfSigner(keys.crossSigning(Usage.USER_SIGNING), "user-signing", key);
    }

    private static @Nullable MatrixError refusalOfSigner(byte @Nullable [] signer, String name, SignedKey key) {
        if (signer == null) {
            return MatrixError.notFound("You have no " + name + " key.");
        }
        return publicKey(signer)
                        .filter(first(key).keyId().substring(ED25519.length())::equals)
                        .isPresent()
                ? null
                : invalid("The key is not signed by your " + name + " key.");
    }

    private static boolean isSigned(byte[] stored, SignedKey key) {
        return Arrays.equals(signedBytes(stored), key.signed());
    }

    /** The master key with these signatures. If they become too many, those of devices that are gone are dropped. */
    private static byte[] withSignatures(byte[] known, UserKeys keys, UserId user, SignedKey key) {
        JsonObject master = parse(known);
        JsonObject signatures = master.object("signatures").orElse(JsonObject.EMPTY);
        Map<String, Json> all = new HashMap<>();
        signatures.object(user.value()).orElse(JsonObject.EMPTY).forEach(all::put);
        for (KeyCommand.KeySignature signature : key.signatures()) {
            all.put(signature.keyId(), Json.of(signature.signature()));
        }
        byte[] signed =
                CanonicalJson.encode(master.with("signatures", signatures.with(user.value(), JsonObject.of(all))));
        if (signed.length <= KeyLimits.CROSS_SIGNING_KEY_BYTES) {
            return signed;
        }
        all.keySet().removeIf(id -> !keys.devices().containsKey(deviceOf(id)));
        return CanonicalJson.encode(master.with("signatures", signatures.with(user.value(), JsonObject.of(all))));
    }

    private static SignedMaster signedMaster(SignedKey key) {
        return new SignedMaster(key.target(), first(key));
    }

    private static KeySignature first(SignedKey key) {
        KeyCommand.KeySignature signature = key.signatures().getFirst();
        return new KeySignature(signature.keyId(), signature.signature());
    }

    private static String deviceOf(String keyId) {
        return keyId.substring(keyId.indexOf(':') + 1);
    }

    /** The public key of a cross-signing key, in base64. */
    static Optional<String> publicKey(byte[] crossSigningKey) {
        return parse(crossSigningKey)
                .object("keys")
                .filter(keys -> keys.size() == 1)
                .map(keys -> keys.names().getFirst())
                .filter(id -> id.startsWith(ED25519))
                .map(CrossSigningDecisions::deviceOf);
    }

    /** Whether this is the public key of a cross-signing key of the user. */
    static boolean isPublicKey(UserKeys keys, String key) {
        return keys.crossSigning().values().stream()
                .anyMatch(known -> publicKey(known).filter(key::equals).isPresent());
    }

    private static MatrixError mismatch() {
        return new MatrixError(400, "M_UNKNOWN", "The key does not match the one that is stored.");
    }

    private static MatrixError invalid(String sentence) {
        return new MatrixError(400, "M_INVALID_SIGNATURE", sentence);
    }

    private static byte[] signedBytes(byte[] key) {
        return SignedJson.signedBytes(parse(key));
    }

    private static JsonObject parse(byte[] key) {
        return JsonParser.parseObject(key, JsonRules.LENIENT);
    }
}
