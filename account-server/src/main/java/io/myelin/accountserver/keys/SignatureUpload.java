package io.myelin.accountserver.keys;

import io.myelin.accountserver.account.UserKeys;
import io.myelin.accountserver.account.UserKeys.Usage;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.KeyAnswer.SignatureFailure;
import io.myelin.contracts.account.KeyCommand.KeySignature;
import io.myelin.contracts.account.KeyCommand.SignedKey;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Verifies signatures that a user adds to keys: those of the self-signing key on devices, of devices on the master key,
 * and of the user-signing key on master keys of others. Client-server API, {@code POST /keys/signatures/upload}.
 */
public final class SignatureUpload {

    /** How many signed keys one request may have. */
    public static final int MOST_KEYS = 100;

    private final Function<UserId, UserKeys> stored;
    private final Map<UserId, UserKeys> owners = new HashMap<>();
    private final List<SignedKey> verified = new ArrayList<>();
    private final List<SignatureFailure> failures = new ArrayList<>();

    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient MatrixError error;

        Refusal(MatrixError error) {
            super(error.error(), null, false, false);
            this.error = error;
        }
    }

    private SignatureUpload(Function<UserId, UserKeys> stored) {
        this.stored = stored;
    }

    /**
     * Verifies the signatures in a request.
     *
     * @param stored the public keys of a user; none of a user who is not of this server
     * @throws MatrixException if the request has another shape
     */
    public static SignatureUpload of(UserId user, JsonObject body, Function<UserId, UserKeys> stored) {
        var upload = new SignatureUpload(stored);
        UserKeys own = stored.apply(user);
        int[] keys = {0};
        KeyNames.byUser(body)
                .forEach((owner, value) -> KeyNames.object(owner.value(), value).forEach((target, signed) -> {
                    KeyNames.checked("key", target);
                    if (++keys[0] > MOST_KEYS) {
                        throw new MatrixException(
                                MatrixError.invalidParam("One request signs at most " + MOST_KEYS + " keys."));
                    }
                    upload.add(user, own, owner, target, KeyNames.object(target, signed));
                }));
        return upload;
    }

    /** The keys whose signatures are valid. */
    public List<SignedKey> verified() {
        return List.copyOf(verified);
    }

    /** The keys whose signatures are not added. */
    public List<SignatureFailure> failures() {
        return List.copyOf(failures);
    }

    private void add(UserId user, UserKeys own, UserId owner, String target, JsonObject signed) {
        try {
            List<KeySignature> signatures = !owner.equals(user)
                    ? byUserSigningKey(user, own, owner, target, signed)
                    : key(own, Usage.MASTER).filter(target::equals).isPresent()
                            ? byDevices(user, own, signed)
                            : byKey(user, own, Usage.SELF_SIGNING, signed);
            verified.add(new SignedKey(owner, target, SignedJson.signedBytes(signed), signatures));
        } catch (Refusal e) {
            failures.add(new SignatureFailure(owner, target, e.error));
        }
    }

    private static List<KeySignature> byKey(UserId user, UserKeys own, Usage usage, JsonObject signed) throws Refusal {
        String key = key(own, usage)
                .orElseThrow(() -> new Refusal(MatrixError.notFound("You have no key for " + usage.text() + ".")));
        return List.of(signature(user, signed, KeyNames.ED25519 + key, key));
    }

    private List<KeySignature> byUserSigningKey(
            UserId user, UserKeys own, UserId owner, String target, JsonObject signed) throws Refusal {
        List<KeySignature> signatures = byKey(user, own, Usage.USER_SIGNING, signed);
        byte[] master = owners.computeIfAbsent(owner, stored).crossSigning().get(Usage.MASTER);
        if (master == null
                || !KeyNames.publicKey(parse(master)).filter(target::equals).isPresent()) {
            throw new Refusal(MatrixError.notFound("This is no master key of " + owner + "."));
        }
        if (!Arrays.equals(SignedJson.signedBytes(parse(master)), SignedJson.signedBytes(signed))) {
            throw new Refusal(new MatrixError(400, "M_UNKNOWN", "The key does not match the one that is stored."));
        }
        return signatures;
    }

    private static List<KeySignature> byDevices(UserId user, UserKeys own, JsonObject signed) throws Refusal {
        List<KeySignature> signatures = new ArrayList<>();
        JsonObject theirs = signed.object("signatures")
                .flatMap(all -> all.object(user.value()))
                .orElse(JsonObject.EMPTY);
        if (theirs.size() > MOST_KEYS) {
            throw new Refusal(new MatrixError(
                    400, "M_TOO_LARGE", "At most " + MOST_KEYS + " devices sign the master key in one request."));
        }
        for (String id : theirs.names()) {
            // One signature of each device: that of its signing key.
            UserKeys.OfDevice device =
                    id.startsWith(KeyNames.ED25519) ? own.devices().get(id.substring(KeyNames.ED25519.length())) : null;
            String key = device == null
                    ? null
                    : parse(device.uploaded())
                            .object("keys")
                            .flatMap(keys -> keys.string(id))
                            .orElse(null);
            if (key == null) {
                throw invalid();
            }
            signatures.add(signature(user, signed, id, key));
        }
        if (signatures.isEmpty()) {
            throw invalid();
        }
        return signatures;
    }

    private static KeySignature signature(UserId user, JsonObject signed, String id, String key) throws Refusal {
        String signature = signed.object("signatures")
                .flatMap(all -> all.object(user.value()))
                .flatMap(theirs -> theirs.string(id))
                .orElseThrow(SignatureUpload::invalid);
        VerifyKey verify = VerifyKey.tryFromBase64(key).orElseThrow(SignatureUpload::invalid);
        if (!SignedJson.verify(signed, user.value(), id, verify)) {
            throw invalid();
        }
        return new KeySignature(id, key, signature);
    }

    private static Refusal invalid() {
        return new Refusal(new MatrixError(400, "M_INVALID_SIGNATURE", "The key has no valid signature of yours."));
    }

    private static Optional<String> key(UserKeys keys, Usage usage) {
        byte[] key = keys.crossSigning().get(usage);
        return key == null ? Optional.empty() : KeyNames.publicKey(parse(key));
    }

    private static JsonObject parse(byte[] key) {
        return JsonParser.parseObject(key, JsonRules.LENIENT);
    }
}
