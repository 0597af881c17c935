package io.myelin.roomserver.federated;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.roomserver.federated.MalformedPdu.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Flaws of events that have the right format and content hash, but lack a valid signature of a server that must sign. */
final class FlawedSignatures {
    private static final String SIGNATURES = "signatures";
    private static final int SIGNATURE_BYTES = 64;

    private final Forgery forgery;

    private FlawedSignatures(Forgery forgery) {
        this.forgery = forgery;
    }

    static List<Flaw> all(Forgery forgery) {
        return new FlawedSignatures(forgery).gathered();
    }

    private List<Flaw> gathered() {
        List<Flaw> flaws = new ArrayList<>(List.of(
                flaw("no signatures", (event, _) -> event.json().without(SIGNATURES)),
                flaw("empty signatures", (event, _) -> event.json().with(SIGNATURES, JsonObject.EMPTY)),
                flaw("no signature of the sender's server", (event, _) -> withKeys(event, JsonObject.EMPTY)),
                flaw("another server's signature", this::signedByAnother),
                flaw("another server's signature in the sender's server's name", this::signedInItsName),
                flaw(
                        "an unknown key",
                        (event, _) -> forgery.signed(
                                unsigned(event), forgery.serverOf(event).withUnknownKey())),
                flaw("another key identifier", (event, _) -> withKeys(event, keyed(event, "ed25519:other"))),
                flaw("a signature that is no base64", (event, _) -> withSignature(event, Json.of("no base64!"))),
                flaw("a signature that is no string", (event, _) -> withSignature(event, Json.of(true))),
                flaw(
                        "a signature that is too short",
                        (event, random) -> withSignature(event, SIGNATURE_BYTES - 1, random)),
                flaw("a signature that is made up", (event, random) -> withSignature(event, SIGNATURE_BYTES, random)),
                flaw("a later depth", (event, _) -> rehashed(event.json().with("depth", event.depth() + 1))),
                flaw(
                        "a later time",
                        (event, _) -> rehashed(event.json().with("origin_server_ts", event.originServerTs() + 1))),
                flaw(
                        "other content",
                        (event, _) -> rehashed(
                                event.json().with("content", event.content().with("org.example.other", true)))),
                flaw(
                        "another content hash",
                        (event, _) -> event.json().with("hashes", JsonObject.of("sha256", "A".repeat(43)))),
                flaw(
                        "another user's name",
                        (event, _) -> rehashed(event.json()
                                .with("sender", "@other:" + event.sender().serverName()))),
                flaw("another server's user", this::ofAnothersUser)));
        if (forgery.version().eventFormat().eventIdOnEvent()) {
            flaws.add(flaw("another server's event ID", this::ofAnothersId));
        }
        if (forgery.version().restricted()) {
            flaws.add(flaw("a join that its authorising server has not signed", this::unauthorisedJoin)
                    .where(event -> !event.type().equals(EventTypes.CREATE)));
        }
        return flaws;
    }

    private static Flaw flaw(String name, Flaw.Change change) {
        return Flaw.ofJson(name, Refusal.SIGNATURE, change);
    }

    private JsonObject signedByAnother(Pdu event, Random random) {
        return forgery.signed(
                unsigned(event), forgery.anotherThan(event.sender().serverName(), random));
    }

    private JsonObject signedInItsName(Pdu event, Random random) {
        RemoteServer own = forgery.serverOf(event);
        RemoteServer other = forgery.anotherThan(own.name(), random);
        return forgery.signed(unsigned(event), new RemoteServer(own.name(), other.key()));
    }

    private JsonObject ofAnothersUser(Pdu event, Random random) {
        RemoteServer own = forgery.serverOf(event);
        RemoteServer other = forgery.anotherThan(own.name(), random);
        JsonObject changed = unsigned(event).with("sender", other.user("first").value());
        return forgery.signed(EventHashes.withContentHash(changed), own);
    }

    private JsonObject ofAnothersId(Pdu event, Random random) {
        RemoteServer own = forgery.serverOf(event);
        RemoteServer other = forgery.anotherThan(own.name(), random);
        JsonObject changed =
                unsigned(event).with("event_id", "$chosen" + random.nextInt(1_000_000) + ":" + other.name());
        return forgery.signed(EventHashes.withContentHash(changed), own);
    }

    private JsonObject unauthorisedJoin(Pdu event, Random random) {
        RemoteServer own = forgery.serverOf(event);
        RemoteServer other = forgery.anotherThan(own.name(), random);
        JsonObject content = JsonObject.of("membership", Membership.JOIN.value())
                .with("join_authorised_via_users_server", other.user("first").value());
        JsonObject changed = unsigned(event)
                .with("type", EventTypes.MEMBER)
                .with("state_key", event.sender().value())
                .with("content", content);
        return forgery.signed(EventHashes.withContentHash(changed), own);
    }

    /** The event with a new content hash but its old signatures. */
    private static JsonObject rehashed(JsonObject changed) {
        return EventHashes.withContentHash(changed);
    }

    private static JsonObject unsigned(Pdu event) {
        return event.json().without(SIGNATURES);
    }

    private JsonObject withSignature(Pdu event, int length, Random random) {
        byte[] signature = new byte[length];
        random.nextBytes(signature);
        RemoteServer own = forgery.serverOf(event);
        return SignedJson.withSignature(
                event.json(), own.name().value(), own.key().keyId(), signature);
    }

    private JsonObject withSignature(Pdu event, Json signature) {
        return withKeys(event, JsonObject.of(forgery.serverOf(event).key().keyId(), signature));
    }

    /** The signature of the sender's server under another identifier. */
    private JsonObject keyed(Pdu event, String keyId) {
        RemoteServer own = forgery.serverOf(event);
        JsonObject keys = signatures(event).object(own.name().value()).orElseThrow();
        return JsonObject.of(keyId, keys.string(own.key().keyId()).orElseThrow());
    }

    private static JsonObject withKeys(Pdu event, JsonObject keysOfSendersServer) {
        return event.json()
                .with(
                        SIGNATURES,
                        signatures(event).with(event.sender().serverName().value(), keysOfSendersServer));
    }

    private static JsonObject signatures(Pdu event) {
        return event.json().object(SIGNATURES).orElseThrow();
    }
}
