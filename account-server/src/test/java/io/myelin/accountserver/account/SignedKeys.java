package io.myelin.accountserver.account;

import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.Random;

/** Real keys of one user, with their signatures. */
public final class SignedKeys {
    private final UserId user;
    private final Random random;
    public final SigningKey master;
    public final SigningKey selfSigning;
    public final SigningKey userSigning;

    public SignedKeys(UserId user, long seed) {
        this.user = user;
        this.random = new Random(seed);
        this.master = generate();
        this.selfSigning = generate();
        this.userSigning = generate();
    }

    private SigningKey generate() {
        return SigningKey.generate("ed25519:any", random);
    }

    public static String id(SigningKey key) {
        return "ed25519:" + key.verifyKey().toBase64();
    }

    private JsonObject key(SigningKey key, String usage) {
        return JsonObject.builder()
                .put("user_id", user.value())
                .put("usage", JsonArray.ofStrings(List.of(usage)))
                .put("keys", JsonObject.of(id(key), key.verifyKey().toBase64()))
                .build();
    }

    public JsonObject master() {
        return key(master, "master");
    }

    public JsonObject selfSigning() {
        return sign(key(selfSigning, "self_signing"), master);
    }

    public JsonObject userSigning() {
        return sign(key(userSigning, "user_signing"), master);
    }

    /** The keys of a device, signed by itself. */
    public JsonObject device(String device, SigningKey key) {
        JsonObject keys = JsonObject.builder()
                .put("user_id", user.value())
                .put("device_id", device)
                .put("algorithms", JsonArray.ofStrings(List.of("m.megolm.v1.aes-sha2")))
                .put("keys", JsonObject.of("ed25519:" + device, key.verifyKey().toBase64()))
                .build();
        return SignedJson.withSignature(
                keys, user.value(), "ed25519:" + device, key.sign(SignedJson.signedBytes(keys)));
    }

    /** The object signed by this user with a cross-signing key. */
    public JsonObject sign(JsonObject object, SigningKey key) {
        return SignedJson.withSignature(object, user.value(), id(key), key.sign(SignedJson.signedBytes(object)));
    }

    /** The object signed by a device of this user. */
    public JsonObject signByDevice(JsonObject object, String device, SigningKey key) {
        return SignedJson.withSignature(
                object, user.value(), "ed25519:" + device, key.sign(SignedJson.signedBytes(object)));
    }
}
