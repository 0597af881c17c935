package io.myelin.accountserver.keys;

import io.myelin.accountserver.account.KeyLimits;
import io.myelin.accountserver.account.UserKeys.Usage;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.KeyCommand.SetCrossSigningKeys;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks cross-signing keys that are uploaded. Client-server API, {@code POST /keys/device_signing/upload}. */
public final class CrossSigningUpload {

    private CrossSigningUpload() {}

    /**
     * The command that publishes the keys. Its self-signing and user-signing keys are signed by some key; that this is the
     * master key is decided with the command.
     *
     * @throws MatrixException if a key has another shape, or a signature is missing or wrong
     */
    public static SetCrossSigningKeys of(UserId user, RequestFields body, boolean authenticated) {
        return new SetCrossSigningKeys(
                user,
                key(user, body, "master_key", Usage.MASTER),
                key(user, body, "self_signing_key", Usage.SELF_SIGNING),
                key(user, body, "user_signing_key", Usage.USER_SIGNING),
                authenticated);
    }

    private static byte @Nullable [] key(UserId user, RequestFields body, String field, Usage usage) {
        JsonObject key = body.object(field);
        if (key == null) {
            return null;
        }
        boolean isOurs = key.string("user_id").filter(user.value()::equals).isPresent();
        boolean isForThis = key.array("usage")
                .map(JsonArray::strings)
                .filter(all -> all.anyMatch(usage.text()::equals))
                .isPresent();
        Optional<String> publicKey = KeyNames.publicKey(key)
                .filter(id -> key.object("keys")
                        .flatMap(keys -> keys.string(KeyNames.ED25519 + id))
                        .filter(id::equals)
                        .isPresent())
                .filter(id -> VerifyKey.tryFromBase64(id).isPresent());
        if (!isOurs || !isForThis || publicKey.isEmpty()) {
            throw new MatrixException(MatrixError.invalidParam("'" + field + "' must have your user ID, the usage '"
                    + usage.text() + "' and one Ed25519 key, which is its own ID."));
        }
        if (usage != Usage.MASTER) {
            requireSigned(user, key, field);
        }
        byte[] encoded = CanonicalJson.encode(key);
        if (encoded.length > KeyLimits.CROSS_SIGNING_KEY_BYTES) {
            throw new MatrixException(
                    400, "M_TOO_LARGE", "'" + field + "' has at most " + KeyLimits.CROSS_SIGNING_KEY_BYTES + " bytes.");
        }
        return encoded;
    }

    /** Each signature by a key that is its own ID, as a master key is, has to be valid. */
    private static void requireSigned(UserId user, JsonObject key, String field) {
        JsonObject signatures = key.object("signatures")
                .flatMap(all -> all.object(user.value()))
                .orElse(JsonObject.EMPTY);
        for (String id : signatures.names()) {
            VerifyKey signer = id.startsWith(KeyNames.ED25519)
                    ? VerifyKey.tryFromBase64(id.substring(KeyNames.ED25519.length()))
                            .orElse(null)
                    : null;
            if (signer != null && !SignedJson.verify(key, user.value(), id, signer)) {
                throw new MatrixException(400, "M_INVALID_SIGNATURE", "A signature of '" + field + "' is not valid.");
            }
        }
    }
}
