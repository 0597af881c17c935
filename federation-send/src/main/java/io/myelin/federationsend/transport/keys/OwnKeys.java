package io.myelin.federationsend.transport.keys;

import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The published keys of this server, and signatures by its current key. */
public final class OwnKeys {
    /** For this long other servers may still trust a stolen key after it has been replaced. */
    private static final Duration VALIDITY = Duration.ofDays(7);

    private final ServerName server;
    private final SigningKey key;
    private final JsonObject oldVerifyKeys;
    private final InstantSource clock;

    /** @param old keys that are no longer used */
    public OwnKeys(ServerName server, SigningKey key, List<OldVerifyKey> old, InstantSource clock) {
        this.server = server;
        this.key = key;
        this.clock = clock;
        var builder = JsonObject.builder();
        for (OldVerifyKey former : old) {
            builder.put(
                    former.keyId(),
                    JsonObject.of("key", former.key().toBase64())
                            .with("expired_ts", former.expired().toEpochMilli()));
        }
        oldVerifyKeys = builder.build();
    }

    public ServerName server() {
        return server;
    }

    /** The keys that we publish now, signed. Server-server API, "Publishing Keys". */
    public JsonObject published() {
        return sign(JsonObject.builder()
                .put("server_name", server.value())
                .put(
                        "verify_keys",
                        JsonObject.of(
                                key.keyId(),
                                JsonObject.of("key", key.verifyKey().toBase64())))
                .put("old_verify_keys", oldVerifyKeys)
                .put("valid_until_ts", clock.instant().plus(VALIDITY).toEpochMilli())
                .build());
    }

    /** Adds our signature to the object's signatures. */
    public JsonObject sign(JsonObject object) {
        return SignedJson.sign(object, server.value(), key);
    }
}
