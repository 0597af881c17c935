package io.myelin.matrix.event;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import java.util.Set;

/** The two hashes of an event and the ID made of one. Server-server API, "Signing Events". */
public final class EventHashes {
    private static final Set<String> OUTSIDE_CONTENT_HASH = Set.of("unsigned", "signatures", "hashes");

    private EventHashes() {}

    /** SHA-256 over the whole event except {@code unsigned}, {@code signatures} and {@code hashes}. */
    public static byte[] contentHash(JsonObject event) {
        return Sha256.hash(CanonicalJson.encode(event.retain(name -> !OUTSIDE_CONTENT_HASH.contains(name))));
    }

    /** The event with its content hash under {@code hashes}. */
    public static JsonObject withContentHash(JsonObject event) {
        return event.with("hashes", JsonObject.of("sha256", UnpaddedBase64.encode(contentHash(event))));
    }

    /** Whether {@code hashes.sha256} is the content hash. If not, an event of another server counts as redacted. */
    public static boolean contentHashMatches(JsonObject event) {
        return event.object("hashes")
                .flatMap(hashes -> hashes.string("sha256"))
                .map(claimed -> claimed.replace("=", "").equals(UnpaddedBase64.encode(contentHash(event))))
                .orElse(false);
    }

    /** SHA-256 over the redacted event without signatures. */
    public static byte[] referenceHash(RoomVersion version, JsonObject event) {
        return Sha256.hash(essentialBytes(version, event));
    }

    /**
     * The event's ID, made from its hash or, in versions whose events contain an {@code event_id}, taken from the event.
     */
    public static EventId eventId(RoomVersion version, JsonObject event) {
        return eventId(version, event, referenceHash(version, event));
    }

    static EventId eventId(RoomVersion version, JsonObject event, byte[] referenceHash) {
        return switch (version.eventFormat()) {
            case V1 -> new EventId(event.string("event_id").orElseThrow());
            case V3 -> EventId.ofReferenceHashInVersion3(referenceHash);
            case V4, V6, V11, V12 -> EventId.ofReferenceHash(referenceHash);
        };
    }

    /** The bytes that both the reference hash and a server's signature cover: the redacted event without signatures. */
    static byte[] essentialBytes(RoomVersion version, JsonObject event) {
        return SignedJson.signedBytes(Redaction.redact(version, event));
    }
}
