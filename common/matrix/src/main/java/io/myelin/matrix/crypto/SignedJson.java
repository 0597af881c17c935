package io.myelin.matrix.crypto;

import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import java.util.Optional;

/** Signatures on JSON objects. Appendices, "Signing JSON". */
public final class SignedJson {
    private static final String SIGNATURES = "signatures";

    private SignedJson() {}

    /** The object with this entity's signature added to those that it had. */
    public static JsonObject sign(JsonObject object, String entity, SigningKey key) {
        return withSignature(object, entity, key.keyId(), key.sign(signedBytes(object)));
    }

    /** Whether the object bears a valid signature by this entity with this key. */
    public static boolean verify(JsonObject object, String entity, String keyId, VerifyKey key) {
        return signature(object, entity, keyId)
                .map(signature -> key.verify(signedBytes(object), signature))
                .orElse(false);
    }

    /** The signature of this entity with this key, if there is one and it is base64. */
    public static Optional<byte[]> signature(JsonObject object, String entity, String keyId) {
        return object.object(SIGNATURES)
                .flatMap(entities -> entities.object(entity))
                .flatMap(keys -> keys.string(keyId))
                .flatMap(SignedJson::decoded);
    }

    /** The object with this signature added to those that it had. */
    public static JsonObject withSignature(JsonObject object, String entity, String keyId, byte[] signature) {
        JsonObject signatures = object.object(SIGNATURES).orElse(JsonObject.EMPTY);
        JsonObject keys = signatures.object(entity).orElse(JsonObject.EMPTY);
        String encoded = UnpaddedBase64.encode(signature);
        return object.with(SIGNATURES, signatures.with(entity, keys.with(keyId, encoded)));
    }

    /** The bytes that a signature covers: all of the object except {@code signatures} and {@code unsigned}. */
    public static byte[] signedBytes(JsonObject object) {
        return CanonicalJson.encode(object.without(SIGNATURES).without("unsigned"));
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(UnpaddedBase64.decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
