package io.myelin.matrix.event;

import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.json.JsonWeight;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import java.lang.ref.WeakReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event of a room as servers exchange it. It is immutable, has the format of its room version, and keeps the canonical
 * bytes that are stored and sent. Events with equal IDs are equal. Server-server API, "PDUs".
 *
 * <p>Of a large event only the bytes are kept, and each access to its content parses them again: a list of 30,000 zeros is
 * 60 KB as bytes, and almost a megabyte when it is parsed.
 */
public final class Pdu {
    /** Events up to this size are kept parsed. */
    private static final int KEPT_PARSED = 4_096;

    /** Roughly the bytes that an event takes in memory besides its own bytes, its references and its parsed form. */
    private static final long ITSELF = 400;

    private static final long REFERENCE = 120;

    private final RoomVersion version;
    private final EventId eventId;
    private final @Nullable JsonObject kept;
    private volatile @Nullable WeakReference<JsonObject> parsed;
    private final byte[] bytes;
    private final RoomId roomId;
    private final String type;
    private final UserId sender;
    private final @Nullable String stateKey;
    private final List<EventId> prevEvents;
    private final List<EventId> authEvents;

    /** An event of JSON that {@link PduFormat} has accepted, now or before it was stored. */
    private Pdu(RoomVersion version, EventId eventId, JsonObject json, byte[] bytes) {
        this.version = version;
        this.eventId = eventId;
        this.kept = bytes.length <= KEPT_PARSED ? json : null;
        this.parsed = kept == null ? new WeakReference<>(json) : null;
        this.bytes = bytes;
        this.roomId = json.string("room_id").map(RoomId::new).orElseGet(() -> RoomId.ofCreateEvent(eventId));
        this.type = json.string("type").orElseThrow();
        this.sender = new UserId(json.string("sender").orElseThrow());
        this.stateKey = json.string("state_key").orElse(null);
        this.prevEvents = EventReferences.read(version.eventFormat(), json, "prev_events");
        this.authEvents = EventReferences.read(version.eventFormat(), json, "auth_events");
    }

    /**
     * An event from outside. Its format and limits are checked, its ID is computed, and {@code unsigned} is dropped.
     * Signatures and content hash are not checked, see {@link RequiredSignatures}, {@link EventSignatures} and {@link
     * EventHashes}.
     *
     * @throws io.myelin.matrix.json.InvalidJson if this is not JSON, or not the JSON that the version demands
     * @throws InvalidEvent if it is not an event of this version
     * @throws EventTooLarge if it is too large
     */
    public static Pdu parse(RoomVersion version, byte[] body) {
        return of(version, JsonParser.parseObject(body, numbersOf(version)));
    }

    /** As {@link #parse}, from JSON that has been parsed by any {@link JsonRules}. */
    public static Pdu of(RoomVersion version, JsonObject event) {
        JsonObject signedPart = PduFormat.withItsNumbers(version, event.without("unsigned"));
        PduFormat.check(version, signedPart);
        return of(version, EventHashes.eventId(version, signedPart), signedPart);
    }

    /**
     * An event from this server's own tables or topics, given by its ID and its canonical bytes. It was checked when it was
     * received.
     */
    public static Pdu stored(RoomVersion version, EventId eventId, byte[] canonicalBytes) {
        return new Pdu(version, eventId, JsonParser.parseObject(canonicalBytes, numbersOf(version)), canonicalBytes);
    }

    static Pdu of(RoomVersion version, EventId eventId, JsonObject json) {
        var pdu = new Pdu(version, eventId, json, CanonicalJson.encode(json));
        EventLimits.check(pdu);
        return pdu;
    }

    public RoomVersion version() {
        return version;
    }

    public EventId eventId() {
        return eventId;
    }

    /** The hash that the ID is made from in version 3 and later, and that is written beside the ID in versions 1 and 2. */
    public byte[] referenceHash() {
        return EventHashes.referenceHash(version, json());
    }

    public JsonObject json() {
        JsonObject known = kept;
        if (known != null) {
            return known;
        }
        WeakReference<JsonObject> reference = parsed;
        JsonObject last = reference == null ? null : reference.get();
        if (last != null) {
            return last;
        }
        JsonObject again = JsonParser.parseObject(bytes, numbersOf(version));
        parsed = new WeakReference<>(again);
        return again;
    }

    /** About how many bytes of memory it takes, including the parsed form if that is kept. */
    public long weight() {
        long references = (long) prevEvents.size() + authEvents.size();
        return ITSELF + bytes.length + references * REFERENCE + (kept == null ? 0 : JsonWeight.of(kept));
    }

    /** The event as canonical JSON with hashes and signatures; the array is shared, do not write to it. */
    public byte[] bytes() {
        return bytes;
    }

    /** The room ID. From version 12 on, a create event does not contain it; the ID is made from the event's hash. */
    public RoomId roomId() {
        return roomId;
    }

    public String type() {
        return type;
    }

    public UserId sender() {
        return sender;
    }

    /** Null for an event that is not a state event. */
    public @Nullable String stateKey() {
        return stateKey;
    }

    public boolean isState() {
        return stateKey != null;
    }

    /** Whether this is the state event of this type and state key. */
    public boolean is(String wantedType, String wantedStateKey) {
        return type.equals(wantedType) && wantedStateKey.equals(stateKey);
    }

    /** The type and state key of a state event. */
    public StateKey key() {
        if (stateKey == null) {
            throw new IllegalStateException("Event " + eventId + " is not a state event.");
        }
        return new StateKey(type, stateKey);
    }

    public JsonObject content() {
        return json().object("content").orElseThrow();
    }

    /** The content as canonical JSON, copied out of {@link #bytes}. */
    public byte[] contentBytes() {
        return PduBytes.content(bytes);
    }

    public long depth() {
        return PduFormat.integer(json(), "depth").orElseThrow();
    }

    /** Milliseconds since 1970, by the clock of the sender's server. */
    public long originServerTs() {
        return PduFormat.integer(json(), "origin_server_ts").orElseThrow();
    }

    public List<EventId> prevEvents() {
        return prevEvents;
    }

    public List<EventId> authEvents() {
        return authEvents;
    }

    /** The event that this one redacts, if it is a redaction and names the event where its version expects it. */
    public @Nullable EventId redacts() {
        if (!type.equals(EventTypes.REDACTION)) {
            return null;
        }
        JsonObject holder = version.eventFormat().redactsInContent() ? content() : json();
        return holder.string("redacts").map(EventId::new).orElse(null);
    }

    /** Whether there is a signature in this server's name, valid or not. */
    public boolean bearsSignatureOf(ServerName server) {
        return json().object("signatures")
                .flatMap(signatures -> signatures.object(server.value()))
                .map(keys -> !keys.isEmpty())
                .orElse(false);
    }

    /** This event with one more signature. */
    public Pdu signedBy(ServerName server, SigningKey key) {
        return of(version, eventId, EventSignatures.sign(version, json(), server, key));
    }

    /**
     * This event with a signature that another server has made.
     *
     * @throws EventTooLarge if the event is too large then
     */
    public Pdu withSignature(ServerName server, String keyId, byte[] signature) {
        return of(version, eventId, SignedJson.withSignature(json(), server.value(), keyId, signature));
    }

    /** The redacted form of this event, with the same ID. */
    public Pdu redacted() {
        return of(version, eventId, Redaction.redact(version, json()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Pdu that && eventId.equals(that.eventId);
    }

    @Override
    public int hashCode() {
        return eventId.hashCode();
    }

    @Override
    public String toString() {
        return type + (stateKey == null ? "" : " '" + stateKey + "'") + " " + eventId;
    }

    private static JsonRules numbersOf(RoomVersion version) {
        return version.eventFormat().isCanonicalJson() ? JsonRules.STRICT_EVENTS : JsonRules.LENIENT_EVENTS;
    }
}
