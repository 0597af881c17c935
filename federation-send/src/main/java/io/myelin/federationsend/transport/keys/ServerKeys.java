package io.myelin.federationsend.transport.keys;

import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that a server publishes, checked. Server-server API, "Publishing Keys".
 *
 * @param current its keys for requests and events, by identifier
 * @param old its former keys, only valid for its old events
 * @param validUntil how long to trust them, at most a week from when they were fetched
 * @param text the JSON that the server signed
 */
public record ServerKeys(
        ServerName server,
        Map<String, VerifyKey> current,
        Map<String, OldVerifyKey> old,
        Instant validUntil,
        byte[] text) {
    /** How many keys a server may publish. The check of each current key costs the verification of a signature. */
    private static final int MAX_KEYS = 100;

    private static final Duration LONGEST = Duration.ofDays(7);
    private static final String ED25519 = "ed25519:";

    public ServerKeys {
        current = Map.copyOf(current);
        old = Map.copyOf(old);
    }

    /**
     * Checks what {@code server} published: it must be about this server, must not have expired, and must be signed with a
     * key in it. A current key that has not signed it is left out, since the server has not proven to have it.
     *
     * @throws UnacceptableKeys if the check fails
     */
    public static ServerKeys check(ServerName server, JsonObject json, Instant now) {
        if (!json.string("server_name").equals(Optional.of(server.value()))) {
            throw new UnacceptableKeys("they are of another server");
        }
        long until = json.integer("valid_until_ts").orElseThrow(() -> new UnacceptableKeys("they have no end"));
        if (until <= now.toEpochMilli()) {
            throw new UnacceptableKeys("they are not valid any more");
        }
        if (count(json, "verify_keys") + count(json, "old_verify_keys") > MAX_KEYS) {
            throw new UnacceptableKeys("they are more than " + MAX_KEYS);
        }
        Map<String, VerifyKey> current = signedBy(server, json);
        if (current.isEmpty()) {
            throw new UnacceptableKeys("they are not signed with any of them");
        }
        long longest = now.plus(LONGEST).toEpochMilli();
        return new ServerKeys(
                server,
                current,
                oldKeys(json),
                Instant.ofEpochMilli(Math.min(until, longest)),
                CanonicalJson.encode(json));
    }

    /** The JSON as the server signed it; only its text is stored. */
    public JsonObject json() {
        return JsonParser.parseObject(text);
    }

    private static int count(JsonObject json, String field) {
        return json.object(field).map(JsonObject::size).orElse(0);
    }

    private static Map<String, VerifyKey> signedBy(ServerName server, JsonObject json) {
        Map<String, VerifyKey> keys = new HashMap<>();
        json.object("verify_keys").orElse(JsonObject.EMPTY).forEach((id, value) -> {
            if (id.startsWith(ED25519) && value instanceof JsonObject entry) {
                key(entry)
                        .filter(key -> SignedJson.verify(json, server.value(), id, key))
                        .ifPresent(key -> keys.put(id, key));
            }
        });
        return keys;
    }

    private static Map<String, OldVerifyKey> oldKeys(JsonObject json) {
        Map<String, OldVerifyKey> keys = new HashMap<>();
        json.object("old_verify_keys").orElse(JsonObject.EMPTY).forEach((id, value) -> {
            if (id.startsWith(ED25519)
                    && value instanceof JsonObject entry
                    && entry.get("expired_ts") instanceof JsonNumber(long expired)) {
                key(entry).ifPresent(key -> keys.put(id, new OldVerifyKey(id, key, Instant.ofEpochMilli(expired))));
            }
        });
        return keys;
    }

    private static Optional<VerifyKey> key(JsonObject entry) {
        try {
            return entry.string("key").map(VerifyKey::fromBase64);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The key that is valid for a request or an event at this time. */
    Optional<VerifyKey> currentAt(Instant now, String keyId) {
        return now.isBefore(validUntil) ? Optional.ofNullable(current.get(keyId)) : Optional.empty();
    }
}
