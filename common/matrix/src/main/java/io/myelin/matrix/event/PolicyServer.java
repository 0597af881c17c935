package io.myelin.matrix.event;

import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A room's policy server, which signs the events that it recommends for the room. Its signature has no part in the
 * authorisation rules. Server-server API, "Policy Servers".
 *
 * @param name of the server; it is the room's policy server only while a user of it is in the room
 * @param key by the room's state, not one that the server publishes
 */
public record PolicyServer(ServerName name, VerifyKey key) {
    /** The identifier of each policy server's key. */
    public static final String KEY_ID = "ed25519:policy_server";

    /** By the content of the room's {@code m.room.policy}; empty if that names none in a valid way. */
    public static Optional<PolicyServer> of(JsonObject content) {
        Optional<ServerName> name = content.string("via").flatMap(ServerName::tryParse);
        Optional<VerifyKey> key = content.object("public_keys")
                .flatMap(keys -> keys.string("ed25519"))
                .flatMap(VerifyKey::tryFromBase64);
        return name.isEmpty() || key.isEmpty()
                ? Optional.empty()
                : Optional.of(new PolicyServer(name.get(), key.get()));
    }

    /** Whether policy servers are asked about such events: about all but the one that names them. */
    public static boolean isAskedAbout(String type, @Nullable String stateKey) {
        return !(type.equals(EventTypes.POLICY) && "".equals(stateKey));
    }

    /** Whether the event bears this policy server's signature, by this key. */
    public boolean recommends(Pdu event) {
        return EventSignatures.verify(event.version(), event.json(), name, KEY_ID, key);
    }

    /** The event with the signature in a policy server's answer; the event as it is if that has none. */
    public Pdu signed(Pdu event, JsonObject answer) {
        return SignedJson.signature(JsonObject.of("signatures", answer), name.value(), KEY_ID)
                .map(signature -> event.withSignature(name, KEY_ID, signature))
                .orElse(event);
    }
}
