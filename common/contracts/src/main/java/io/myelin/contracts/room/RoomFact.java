package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.event.Redaction;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.room.RoomVersion;
import org.jspecify.annotations.Nullable;

/** What room-server publishes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = RoomFact.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = RoomFact.RoomEvent.class, name = "event"),
    @JsonSubTypes.Type(value = RoomFact.RoomForgotten.class, name = "forgotten"),
    @JsonSubTypes.Type(value = RoomFact.DirectoryVisibilityChanged.class, name = "directory"),
    @JsonSubTypes.Type(value = RoomFact.AliasChanged.class, name = "alias"),
    @JsonSubTypes.Type(value = RoomFact.AliasClaimed.class, name = "alias-claimed"),
    @JsonSubTypes.Type(value = RoomFact.ProfileNoted.class, name = "profile"),
})
public sealed interface RoomFact {

    /**
     * A live event; its position in the room is its number in the shard.
     *
     * @param version of the room
     * @param stateKey null for an event that is not state; else the room's current state has it from here on
     * @param device and {@code transactionId}: of the request that made it, for {@code unsigned.transaction_id}
     * @param redacts the event that this one redacts, where it may
     * @param replaces the number of the state event that this one replaces; 0 for none
     * @param state the number of the newest state event before this one: names the state before it; 0 for none
     * @param created the number of the room's create event, which names the room within its shard
     * @param body the event as canonical JSON, up to version 5 with any number, with hashes and signatures; the content in
     *     there is what clients get
     */
    record RoomEvent(
            RoomId room,
            String version,
            EventId id,
            String type,
            @Nullable String stateKey,
            UserId sender,
            long timestamp,
            @Nullable String device,
            @Nullable String transactionId,
            @Nullable EventId redacts,
            long replaces,
            long state,
            long created,
            byte[] body)
            implements RoomFact {

        public boolean isState() {
            return stateKey != null;
        }

        /** What is left of the event once it is redacted. Client-server API, "Redactions". */
        public RoomEvent redacted(RoomVersion ofRoom) {
            byte[] left =
                    CanonicalJson.encode(Redaction.redact(ofRoom, JsonParser.parseObject(body, JsonRules.LENIENT)));
            return new RoomEvent(
                    room,
                    version,
                    id,
                    type,
                    stateKey,
                    sender,
                    timestamp,
                    device,
                    transactionId,
                    redacts,
                    replaces,
                    state,
                    created,
                    left);
        }
    }

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

    /** A kind of a later release: readers pass on. */
    record Unknown() implements RoomFact {}
}
