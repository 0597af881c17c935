package io.myelin.matrix.event;

import io.myelin.matrix.crypto.UnpaddedBase64;
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
 * @param key by the room's state, not one that the server publishes; null if what the state has there is no key, so that no
 *     signature is valid
 */
public record PolicyServer(ServerName name, @Nullable VerifyKey key) {
    /** The identifier of each policy server's key. */
    public static final String KEY_ID = "ed25519:policy_server";

    /** By the content of the room's {@code m.room.policy}; empty if that names none in a valid way. */
    public static Optional<PolicyServer> of(JsonObject content) {
        Optional<ServerName> name = content.string("via").flatMap(ServerName::tryParse);
        Optional<String> key = content.object("public_keys").flatMap(keys -> keys.string("ed25519"));
        return name.isEmpty() || key.isEmpty()
                ? Optional.empty()
                : Optional.of(new PolicyServer(
                        name.get(),
                        VerifyKey.tryFromBase64(inTheUsualAlphabet(key.get())).orElse(null)));
    }

    /** Whether policy servers are asked about such events: about all but the one that names them. */
    public static boolean isAskedAbout(String type, @Nullable String stateKey) {
        return !(type.equals(EventTypes.POLICY) && "".equals(stateKey));
    }

    /** Whether the event bears this policy server's signature, by this key. */
    public boolean recommends(Pdu event) {
        VerifyKey known = key;
        return known != null && EventSignatures.verify(event.version(), event.json(), name, KEY_ID, known);
    }

    /** The event with the signature in a policy server's answer; the event as it is if that has none. */
    public Pdu signed(Pdu event, JsonObject answer) {
        return answer.object(name.value())
                .flatMap(keys -> keys.string(KEY_ID))
                .map(PolicyServer::inTheUsualAlphabet)
                .flatMap(PolicyServer::decoded)
                .map(signature -> event.withSignature(name, KEY_ID, signature))
                .orElse(event);
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(UnpaddedBase64.decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The specification's own example of a key is in the alphabet for URLs. */
    private static String inTheUsualAlphabet(String base64) {
        return base64.replace('-', '+').replace('_', '/');
    }
}
