package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.Redaction;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fact that room-server publishes. What room-server stores for the same decision besides is private to it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = RoomFact.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = RoomFact.RoomEvent.class, name = "event"),
    @JsonSubTypes.Type(value = RoomFact.RoomForgotten.class, name = "forgotten"),
    @JsonSubTypes.Type(value = RoomFact.DirectoryVisibilityChanged.class, name = "directory"),
    @JsonSubTypes.Type(value = RoomFact.AliasChanged.class, name = "alias"),
    @JsonSubTypes.Type(value = RoomFact.AliasClaimed.class, name = "alias-claimed"),
    @JsonSubTypes.Type(value = RoomFact.ProfileNoted.class, name = "profile"),
    @JsonSubTypes.Type(value = RoomFact.StateResolved.class, name = "resolved"),
    @JsonSubTypes.Type(value = RoomFact.StateDifference.class, name = "difference"),
    @JsonSubTypes.Type(value = RoomFact.EventKept.class, name = "kept"),
    @JsonSubTypes.Type(value = RoomFact.HistoryInserted.class, name = "history"),
    @JsonSubTypes.Type(value = RoomFact.BackwardExtremity.class, name = "backward"),
    @JsonSubTypes.Type(value = RoomFact.EarlyRedaction.class, name = "early-redaction"),
    @JsonSubTypes.Type(value = RoomFact.StateReplaced.class, name = "replaced"),
    @JsonSubTypes.Type(value = RoomFact.BodiesPruned.class, name = "pruned"),
    @JsonSubTypes.Type(value = RoomFact.PurgeBegun.class, name = "purge-begun"),
    @JsonSubTypes.Type(value = RoomFact.RoomPurged.class, name = "purged"),
    @JsonSubTypes.Type(value = RoomFact.PurgedRowsDeleted.class, name = "remains-deleted"),
    @JsonSubTypes.Type(value = RoomFact.HistoryPurged.class, name = "history-purged"),
    @JsonSubTypes.Type(value = RoomFact.RoomAdministered.class, name = "administered"),
})
public sealed interface RoomFact {

    /**
     * A live event; its position in the room is the number of this fact in the shard. It is serialised as one flat map.
     *
     * @param version of the room
     * @param request the request that made the event
     * @param redacts the event that this one redacts, if it may
     * @param redactedBy the redaction that arrived before the event; null for none. The body is not pruned
     */
    @JsonPropertyOrder({
        "room",
        "version",
        "id",
        "type",
        "stateKey",
        "sender",
        "timestamp",
        "device",
        "transactionId",
        "redacts",
        "replaces",
        "state",
        "created",
        "body",
        "aside",
        "forked",
        "number",
        "redactedBy"
    })
    record RoomEvent(
            RoomId room,
            String version,
            @JsonIgnore SentEvent sent,
            @JsonIgnore ClientRequest request,
            @JsonIgnore StateLinks links,
            @Nullable EventId redacts,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            RedactedBy redactedBy)
            implements RoomFact {

        /** An event that no client of this server asked for, that redacts nothing and is not redacted. */
        public RoomEvent(RoomId room, String version, SentEvent sent, StateLinks links) {
            this(room, version, sent, ClientRequest.NONE, links, null, null);
        }

        /** The event from the fields of its serialised form. */
        @JsonCreator
        static RoomEvent of(
                @JsonProperty("room") RoomId room,
                @JsonProperty("version") String version,
                @JsonProperty("id") EventId id,
                @JsonProperty("type") String type,
                @JsonProperty("stateKey") @Nullable String stateKey,
                @JsonProperty("sender") UserId sender,
                @JsonProperty("timestamp") long timestamp,
                @JsonProperty("device") @Nullable String device,
                @JsonProperty("transactionId") @Nullable String transactionId,
                @JsonProperty("redacts") @Nullable EventId redacts,
                @JsonProperty("replaces") long replaces,
                @JsonProperty("state") long state,
                @JsonProperty("created") long created,
                @JsonProperty("body") byte[] body,
                @JsonProperty("aside") boolean outsideCurrentState,
                @JsonProperty("forked") boolean forked,
                @JsonProperty("number") long number,
                @JsonProperty("redactedBy") @Nullable RedactedBy redactedBy) {
            return new RoomEvent(
                    room,
                    version,
                    new SentEvent(id, type, stateKey, sender, timestamp, body),
                    ClientRequest.of(device, transactionId),
                    new StateLinks(created, number, replaces, state, outsideCurrentState, forked),
                    redacts,
                    redactedBy);
        }

        @JsonProperty
        public EventId id() {
            return sent.id();
        }

        @JsonProperty
        public String type() {
            return sent.type();
        }

        @JsonProperty
        public @Nullable String stateKey() {
            return sent.stateKey();
        }

        @JsonProperty
        public UserId sender() {
            return sent.sender();
        }

        @JsonProperty
        public long timestamp() {
            return sent.timestamp();
        }

        @JsonProperty
        public byte[] body() {
            return sent.body();
        }

        @JsonProperty
        public @Nullable String device() {
            return request.device();
        }

        @JsonProperty
        public @Nullable String transactionId() {
            return request.transactionId();
        }

        @JsonProperty
        public long created() {
            return links.created();
        }

        @JsonProperty
        public long number() {
            return links.number();
        }

        @JsonProperty
        public long replaces() {
            return links.replaces();
        }

        @JsonProperty
        public long state() {
            return links.state();
        }

        @JsonProperty("aside")
        public boolean outsideCurrentState() {
            return links.outsideCurrentState();
        }

        @JsonProperty
        public boolean forked() {
            return links.forked();
        }

        public boolean isState() {
            return sent.stateKey() != null;
        }

        /** The redacted form of the event. Client-server API, "Redactions". */
        public RoomEvent redacted(RoomVersion ofRoom) {
            return withBody(CanonicalJson.encode(
                    Redaction.redact(ofRoom, JsonParser.parseObject(body(), JsonRules.LENIENT_EVENTS))));
        }

        /** The same event with another stored body. */
        public RoomEvent withBody(byte[] other) {
            return new RoomEvent(room, version, sent.withBody(other), request, links, redacts, redactedBy);
        }

        /** The same event with its number. */
        public RoomEvent withNumber(long itsNumber) {
            return new RoomEvent(room, version, sent, request, links.withNumber(itsNumber), redacts, redactedBy);
        }

        /** The redaction that arrived before the event, with what {@link RedactedBy} has of it; null for none. */
        public @Nullable RoomEvent redactedBecause() {
            if (redactedBy == null) {
                return null;
            }
            Pdu redaction = Pdu.stored(RoomVersions.find(version).orElseThrow(), redactedBy.id(), redactedBy.body());
            return new RoomEvent(
                    room,
                    version,
                    SentEvent.of(redaction),
                    ClientRequest.NONE,
                    new StateLinks(created(), 0, 0).withNumber(redactedBy.number()),
                    id(),
                    null);
        }
    }

    /**
     * The redaction of an event.
     *
     * @param number the redaction's number
     * @param body the redaction's body, as in {@link RoomEvent}
     */
    record RedactedBy(long number, EventId id, byte[] body) {}

    /** The user has forgotten the room. */
    record RoomForgotten(RoomId room, UserId user) implements RoomFact {}

    record DirectoryVisibilityChanged(RoomId room, boolean published) implements RoomFact {}

    /**
     * An alias points to another room, or is deleted.
     *
     * @param room the room that it points to now; null if it was deleted
     * @param creator the user who created the alias
     */
    record AliasChanged(RoomAlias alias, @Nullable RoomId room, UserId creator) implements RoomFact {}

    /**
     * An alias is reserved for a room that is being created; it points to no room yet. Readers ignore it.
     *
     * @param lapses when the reservation ends and other users may claim the alias, in milliseconds since the epoch
     */
    record AliasClaimed(RoomAlias alias, RoomId room, UserId creator, long lapses) implements RoomFact {}

    /** The shard knows a newer profile of a user. Readers ignore it. */
    record ProfileNoted(UserId user, Profile profile) implements RoomFact {}

    /**
     * State resolution has changed the current state of a room.
     *
     * @param changes at most {@value #MOST_CHANGES}; further changes follow in other facts
     */
    record StateResolved(RoomId room, long created, List<StateChange> changes) implements RoomFact {

        public static final int MOST_CHANGES = 500;
    }

    /**
     * The state has another event for a type and state key.
     *
     * @param replaced the number of the former event; 0 for none
     * @param event the number of the present event; 0 for none
     * @param membership the membership in the content of the present {@code m.room.member}; null for other types
     */
    record StateChange(
            String type,
            String stateKey,
            long replaced,
            long event,
            @Nullable String membership) {}

    /**
     * A state is stored as its difference from another state. Readers ignore it.
     *
     * @param state the name of the state: the number of the state event that it is the state after, or of this fact
     * @param base the name of the other state; 0 for the empty state
     * @param level the length of the strides between the two, 0 for single changes
     * @param steps how many strides there are
     * @param numbers the set of the numbers of the events that only one of the two states has
     */
    record StateDifference(RoomId room, long created, long state, long base, int level, int steps, byte[] numbers)
            implements RoomFact {}

    /**
     * The whole current state of a room is replaced by the one that another server has sent, because a user of this server
     * joins the room, or joins it again. Readers drop what they know of the room and load it anew. Changes for users of
     * this server are published as {@link StateResolved} too.
     *
     * @param state the name of the new state
     */
    record StateReplaced(RoomId room, long created, long state) implements RoomFact {}

    /** Why an event has no place in its room. */
    enum UnplacedReason {
        SOFT_FAILED,
        REJECTED,
        OUTLIER,
        /** An outlier that its auth events do not permit. */
        REJECTED_OUTLIER,
        /** The event is part of the room's history. It gets its place once the events that came with it are all here. */
        UNPLACED
    }

    /**
     * An event that has no place in its room, but that other events may cite. Readers ignore it.
     *
     * @param replaces as in {@link StateLinks}
     * @param state as in {@link StateLinks}; 0 for an outlier, whose state is not known
     * @param number as in {@link StateLinks}
     */
    record EventKept(
            RoomId room,
            String version,
            EventId id,
            UnplacedReason standing,
            String type,
            @Nullable String stateKey,
            long replaces,
            long state,
            long created,
            long number)
            implements RoomFact {}

    /**
     * Events of a room's history have got their places; readers reload those that they need. The current state does not
     * change.
     *
     * @param anchor the number of the live event that the events precede
     * @param events oldest first
     */
    record HistoryInserted(RoomId room, long created, long anchor, List<InsertedEvent> events) implements RoomFact {}

    /**
     * @param number the number by which states refer to the event
     * @param back its place is {@code (anchor, back)}
     */
    record InsertedEvent(EventId id, String type, long number, int back) {}

    /**
     * The history before an event was not known when it got its place. Readers ignore it.
     *
     * @param event its number
     */
    record BackwardExtremity(RoomId room, long created, long event) implements RoomFact {}

    /**
     * A redaction has arrived before the event that it redacts, and is applied when that event arrives. Readers ignore it.
     *
     * @param redaction the redaction's number
     * @param redacts the event that has not arrived yet
     * @param hasPower whether the sender may redact everybody's events, not only those of their own server
     */
    record EarlyRedaction(RoomId room, long created, long redaction, EventId redacts, boolean hasPower)
            implements RoomFact {}

    /** A purge has begun: users of this server are made to leave the room, and nobody may join it. Readers ignore it. */
    record PurgeBegun(RoomId room) implements RoomFact {}

    /** A room is deleted from this server. A later room may have the same ID; it begins with its create event. */
    record RoomPurged(RoomId room) implements RoomFact {}

    /** Some rows of a purged room, or of a room whose history is purged, are deleted. Readers ignore it. */
    record PurgedRowsDeleted(RoomId room) implements RoomFact {}

    /**
     * What comes before a place of the room is shown to nobody any more. State events before it still are parts of states.
     *
     * @param anchor the place of the first event that stays is {@code (anchor, back)}
     */
    record HistoryPurged(RoomId room, long created, long anchor, int back) implements RoomFact {}

    /** An administrator has blocked, unblocked or emptied a room. Readers ignore it. */
    record RoomAdministered(RoomId room) implements RoomFact {}

    /**
     * The bodies of redacted events are pruned. Readers ignore it, since they have shown the pruned form from the redaction
     * on.
     */
    record BodiesPruned() implements RoomFact {}

    /** A fact of a later release; readers skip it. */
    record Unknown() implements RoomFact {}
}
