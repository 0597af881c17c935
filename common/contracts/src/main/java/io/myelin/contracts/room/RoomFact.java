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

/** What room-server publishes. What it keeps of the same decision besides is its own affair. */
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
    @JsonSubTypes.Type(value = RoomFact.RemainsDeleted.class, name = "remains-deleted"),
})
public sealed interface RoomFact {

    /**
     * A live event; its position in the room is the number of this fact in the shard. It travels as one flat map.
     *
     * @param version of the room
     * @param request that made it
     * @param redacts the event that this one redacts, where it may
     * @param redactedBy what redacted it before it came here; null for nothing. The body is whole all the same
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

        /** An event that no client of ours asked for, that redacts nothing and is not redacted. */
        public RoomEvent(RoomId room, String version, SentEvent sent, StateLinks links) {
            this(room, version, sent, ClientRequest.NONE, links, null, null);
        }

        /** As it travels. */
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
                @JsonProperty("aside") boolean aside,
                @JsonProperty("forked") boolean forked,
                @JsonProperty("number") long number,
                @JsonProperty("redactedBy") @Nullable RedactedBy redactedBy) {
            return new RoomEvent(
                    room,
                    version,
                    new SentEvent(id, type, stateKey, sender, timestamp, body),
                    ClientRequest.of(device, transactionId),
                    new StateLinks(created, number, replaces, state, aside, forked),
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

        @JsonProperty
        public boolean aside() {
            return links.aside();
        }

        @JsonProperty
        public boolean forked() {
            return links.forked();
        }

        public boolean isState() {
            return sent.stateKey() != null;
        }

        /** What is left of the event once it is redacted. Client-server API, "Redactions". */
        public RoomEvent redacted(RoomVersion ofRoom) {
            return withBody(CanonicalJson.encode(
                    Redaction.redact(ofRoom, JsonParser.parseObject(body(), JsonRules.LENIENT_EVENTS))));
        }

        /** The same event, of which other bytes are kept. */
        public RoomEvent withBody(byte[] other) {
            return new RoomEvent(room, version, sent.withBody(other), request, links, redacts, redactedBy);
        }

        /** The same event with its number. */
        public RoomEvent withNumber(long itsNumber) {
            return new RoomEvent(room, version, sent, request, links.withNumber(itsNumber), redacts, redactedBy);
        }

        /** The redaction that was here before the event, as far as this tells of it; null for none. */
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
     * What an event was redacted by.
     *
     * @param number the redaction's
     * @param body the redaction's, as in {@link RoomEvent}
     */
    record RedactedBy(long number, EventId id, byte[] body) {}

    /** The user has forgotten the room. */
    record RoomForgotten(RoomId room, UserId user) implements RoomFact {}

    record DirectoryVisibilityChanged(RoomId room, boolean published) implements RoomFact {}

    /**
     * An alias points elsewhere.
     *
     * @param room where it points now; null if it was deleted
     * @param creator who made it, or had made it
     */
    record AliasChanged(RoomAlias alias, @Nullable RoomId room, UserId creator) implements RoomFact {}

    /**
     * An alias is reserved for a room that is being made: it points nowhere yet. Of no interest to readers.
     *
     * @param lapses milliseconds since the epoch, from when on somebody else may have it
     */
    record AliasClaimed(RoomAlias alias, RoomId room, UserId creator, long lapses) implements RoomFact {}

    /** The shard knows a newer profile of a user. Of no interest to readers. */
    record ProfileNoted(UserId user, Profile profile) implements RoomFact {}

    /**
     * The current state of a room has changed by itself: several were resolved into one.
     *
     * @param changes at most {@value #MOST_CHANGES}; what is more follows
     */
    record StateResolved(RoomId room, long created, List<StateChange> changes) implements RoomFact {

        public static final int MOST_CHANGES = 500;
    }

    /**
     * A place in the state has another event.
     *
     * @param replaced the number of the event that was there; 0 for none
     * @param event the number of the event that is there now; 0 for none
     * @param membership for {@code m.room.member} what the content says; else null
     */
    record StateChange(
            String type,
            String stateKey,
            long replaced,
            long event,
            @Nullable String membership) {}

    /**
     * A state is written down as what it differs from another by. Of no interest to readers.
     *
     * @param state its name: the number of a state event that it is the state after, or of this fact
     * @param base names the other one; 0 for the empty state
     * @param level the length of the strides between the two, 0 for single changes
     * @param steps how many strides there are
     * @param numbers of the events that one of them has and not the other, as a set
     */
    record StateDifference(RoomId room, long created, long state, long base, int level, int steps, byte[] numbers)
            implements RoomFact {}

    /**
     * The current state of a room is another one from here on, all of it: another server has told what it is, now that a
     * user of ours comes into the room, or comes back. Readers drop what they know of the room and ask anew. What changes
     * for users of ours is told by {@link StateResolved} besides.
     *
     * @param state names it
     */
    record StateReplaced(RoomId room, long created, long state) implements RoomFact {}

    /** Why an event has no place in its room. */
    enum Standing {
        SOFT_FAILED,
        REJECTED,
        OUTLIER,
        /** An outlier that its auth events do not permit. */
        REJECTED_OUTLIER,
        /** It is part of the room's history, and waits for its place until the others are there that it came with. */
        UNPLACED
    }

    /**
     * An event that has no place in its room, but that others may cite. Of no interest to readers.
     *
     * @param replaces as in {@link StateLinks}
     * @param state as in {@link StateLinks}; 0 for an outlier, of which it is not known
     * @param number as in {@link StateLinks}
     */
    record EventKept(
            RoomId room,
            String version,
            EventId id,
            Standing standing,
            String type,
            @Nullable String stateKey,
            long replaces,
            long state,
            long created,
            long number)
            implements RoomFact {}

    /**
     * Events of a room's history have got their places: readers reload what they want of them. Their states are of long ago,
     * and change nothing in the current one.
     *
     * @param anchor the number of the live event before which they stand
     * @param events oldest first
     */
    record HistoryInserted(RoomId room, long created, long anchor, List<InsertedEvent> events) implements RoomFact {}

    /**
     * @param number what states cite the event by
     * @param back its place is {@code (anchor, back)}
     */
    record InsertedEvent(EventId id, String type, long number, int back) {}

    /**
     * The history before an event was not known when it got its place. Of no interest to readers.
     *
     * @param event its number
     */
    record BackwardExtremity(RoomId room, long created, long event) implements RoomFact {}

    /**
     * A redaction has come before what it redacts, and waits for it. Of no interest to readers.
     *
     * @param redaction its number
     * @param redacts what it waits for
     * @param hasPower whether its sender may redact the events of everybody, rather than of their own server
     */
    record EarlyRedaction(RoomId room, long created, long redaction, EventId redacts, boolean hasPower)
            implements RoomFact {}

    /** Our users are made to leave a room that is to go, and nobody may join it any more. Of no interest to readers. */
    record PurgeBegun(RoomId room) implements RoomFact {}

    /** A room is gone, as if it had never been. There may be one of the same ID again, later, from its create event on. */
    record RoomPurged(RoomId room) implements RoomFact {}

    /** Some of what a purge leaves is deleted. Of no interest to readers. */
    record RemainsDeleted(RoomId room) implements RoomFact {}

    /** What was redacted is kept no longer. Of no interest to readers: they show it pruned since it was redacted. */
    record BodiesPruned() implements RoomFact {}

    /** A kind of a later release: readers pass on. */
    record Unknown() implements RoomFact {}
}
