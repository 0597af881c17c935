package io.myelin.matrix.event;

import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;

/** Signatures of servers on events, which cover the redacted event. Server-server API, "Signing Events". */
public final class EventSignatures {
    private EventSignatures() {}

    /** The event, which has its content hash already, with this server's signature added to those that it had. */
    public static JsonObject sign(RoomVersion version, JsonObject event, ServerName server, SigningKey key) {
        byte[] signature = key.sign(EventHashes.essentialBytes(version, event));
        return SignedJson.withSignature(event, server.value(), key.keyId(), signature);
    }

    /** Whether the event has a valid signature by this server with this key; a redacted copy passes too. */
    public static boolean verify(
            RoomVersion version, JsonObject event, ServerName server, String keyId, VerifyKey key) {
        return SignedJson.signature(event, server.value(), keyId)
                .map(signature -> key.verify(EventHashes.essentialBytes(version, event), signature))
                .orElse(false);
    }
}
