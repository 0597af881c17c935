package io.myelin.matrix.event;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.SignedJson;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.HistoricalNumbers;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonDecimal;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.EventFormat;
import io.myelin.matrix.room.RoomVersion;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a new event. They are set one by one, and then the event is finished once: {@link #sign} adds hashes,
 * signature and ID; {@link #unsigned} leaves the signature for later. Server-server API, "Adding hashes and signatures to
 * outgoing events".
 */
public final class EventTemplate {
    private final RoomVersion version;
    private final UserId sender;
    private final String type;
    private final JsonObject content;
    private @Nullable EventId eventId;
    private @Nullable RoomId roomId;
    private @Nullable String stateKey;
    private @Nullable EventId redacts;
    private List<EventId> prevEvents = List.of();
    private List<EventId> authEvents = List.of();
    private Function<EventId, byte[]> referenceHashes = EventTemplate::noHash;
    private long depth = 1;
    private long originServerTs;
    private @Nullable Long sticky;

    public EventTemplate(RoomVersion version, UserId sender, String type, JsonObject content) {
        this.version = version;
        this.sender = sender;
        this.type = type;
        this.content = content;
    }

    /**
     * The ID for versions 1 and 2, whose events contain it; ignored in all others. Without it, the ID is derived from the
     * sender's server and all other fields, so that the same template always makes the same event.
     */
    public EventTemplate eventId(EventId value) {
        this.eventId = value;
        return this;
    }

    /**
     * The room ID, needed by every event except the create event of a version whose room ID is that event's hash; that
     * event must not have one.
     */
    public EventTemplate roomId(RoomId value) {
        this.roomId = value;
        return this;
    }

    /** Makes the event a state event, unless null. */
    public EventTemplate stateKey(@Nullable String value) {
        this.stateKey = value;
        return this;
    }

    /** The event to redact, written where the room version expects it. */
    public EventTemplate redacts(EventId value) {
        this.redacts = value;
        return this;
    }

    public EventTemplate prevEvents(List<EventId> value) {
        this.prevEvents = value;
        return this;
    }

    public EventTemplate authEvents(List<EventId> value) {
        this.authEvents = value;
        return this;
    }

    /**
     * Gives the {@link Pdu#referenceHash} of each previous and auth event. Used in versions 1 and 2 only, which write it
     * beside the ID.
     */
    public EventTemplate referenceHashes(Function<EventId, byte[]> value) {
        this.referenceHashes = value;
        return this;
    }

    /** One more than the depth of the deepest previous event; limited to the version's greatest depth. */
    public EventTemplate depth(long value) {
        this.depth = Math.min(value, version.eventFormat().maxDepth());
        return this;
    }

    /** Milliseconds since 1970. */
    public EventTemplate originServerTs(long value) {
        this.originServerTs = value;
        return this;
    }

    /** For how many milliseconds the event is sticky (MSC4354); null if it is not. */
    public EventTemplate sticky(@Nullable Long millis) {
        this.sticky = millis;
        return this;
    }

    /**
     * The event with its hashes, this server's signature and its ID.
     *
     * @throws InvalidEvent if the content is not canonical JSON, which this server's events have in every version
     * @throws EventTooLarge if the event or one of its fields is too large
     */
    public Pdu sign(ServerName server, SigningKey key) {
        JsonObject hashed = EventHashes.withContentHash(fields());
        byte[] essential = EventHashes.essentialBytes(version, hashed);
        EventId name = EventHashes.eventId(version, hashed, Sha256.hash(essential));
        byte[] signature = key.sign(essential);
        return Pdu.of(version, name, SignedJson.withSignature(hashed, server.value(), key.keyId(), signature));
    }

    /**
     * The event with its hashes and its ID, but not signed; signatures do not change the ID. {@link Pdu#signedBy} adds one.
     *
     * @throws InvalidEvent if the content is not canonical JSON
     * @throws EventTooLarge if the event or one of its fields is too large
     */
    public Pdu unsigned() {
        JsonObject hashed = EventHashes.withContentHash(fields());
        return Pdu.of(version, EventHashes.eventId(version, hashed), hashed);
    }

    private JsonObject fields() {
        boolean mayLackRoom =
                type.equals(EventTypes.CREATE) && !version.eventFormat().roomIdOnCreateEvent();
        if (roomId == null && !mayLackRoom) {
            throw new IllegalStateException(
                    "In room version " + version + ", an event of type " + type + " needs a room ID.");
        }
        if (HistoricalNumbers.occurIn(content)) {
            throw new InvalidEvent("The content's numbers must be integers within ±(2^53 − 1).");
        }
        EventFormat format = version.eventFormat();
        var builder = JsonObject.builder();
        if (sticky != null) {
            builder.put(Stickiness.FIELD, JsonObject.EMPTY.with(Stickiness.DURATION, sticky));
        }
        builder.put("auth_events", EventReferences.write(format, authEvents, referenceHashes))
                .put("content", contentWithRedacts())
                .put("depth", depth <= JsonNumber.MAX ? Json.of(depth) : new JsonDecimal(Long.toString(depth)))
                .put("origin_server_ts", originServerTs)
                .put("prev_events", EventReferences.write(format, prevEvents, referenceHashes));
        if (redacts != null && !format.redactsInContent()) {
            builder.put("redacts", redacts.value());
        }
        if (roomId != null) {
            builder.put("room_id", roomId.value());
        }
        JsonObject fields = builder.put("sender", sender.value())
                .putIfPresent("state_key", stateKey)
                .put("type", type)
                .build();
        return format.eventIdOnEvent() ? named(fields) : fields;
    }

    private JsonObject contentWithRedacts() {
        boolean inContent = redacts != null && version.eventFormat().redactsInContent();
        return inContent && redacts != null ? content.with("redacts", redacts.value()) : content;
    }

    private JsonObject named(JsonObject fields) {
        EventId name =
                eventId == null ? EventId.chosenBy(sender.serverName(), EventHashes.contentHash(fields)) : eventId;
        return fields.with("event_id", name.value());
    }

    private static byte[] noHash(EventId cited) {
        throw new IllegalStateException(
                "The reference hash of " + cited + " is not known, and has to be cited with it.");
    }
}
