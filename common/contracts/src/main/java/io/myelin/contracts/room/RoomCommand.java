package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.EntityMessage;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A command to room-server, about a room, an alias or all rooms of a shard. Only the entity's own shard decides it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = RoomCommand.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = RoomCommand.SendEvent.class, name = "send"),
    @JsonSubTypes.Type(value = RoomCommand.ChangeMembership.class, name = "membership"),
    @JsonSubTypes.Type(value = RoomCommand.CreateRoom.class, name = "create"),
    @JsonSubTypes.Type(value = RoomCommand.ReplaceRoom.class, name = "replace"),
    @JsonSubTypes.Type(value = RoomCommand.ForgetRoom.class, name = "forget"),
    @JsonSubTypes.Type(value = RoomCommand.SetDirectoryVisibility.class, name = "directory"),
    @JsonSubTypes.Type(value = RoomCommand.ClaimAlias.class, name = "claim-alias"),
    @JsonSubTypes.Type(value = RoomCommand.ConfirmAlias.class, name = "confirm-alias"),
    @JsonSubTypes.Type(value = RoomCommand.MoveAlias.class, name = "move-alias"),
    @JsonSubTypes.Type(value = RoomCommand.DeleteAlias.class, name = "delete-alias"),
    @JsonSubTypes.Type(value = RoomCommand.ApplyProfile.class, name = "profile"),
    @JsonSubTypes.Type(value = RoomCommand.RefreshMember.class, name = "refresh-member"),
    @JsonSubTypes.Type(value = RoomCommand.ReceivePdus.class, name = "receive"),
    @JsonSubTypes.Type(value = RoomCommand.ResolveState.class, name = "settle"),
    @JsonSubTypes.Type(value = RoomCommand.StageState.class, name = "stage"),
    @JsonSubTypes.Type(value = RoomCommand.PurgeRoom.class, name = "purge"),
    @JsonSubTypes.Type(value = RoomAdminCommand.RemoveMember.class, name = "remove-member"),
    @JsonSubTypes.Type(value = RoomAdminCommand.DeletePurgedRows.class, name = "delete-remains"),
    @JsonSubTypes.Type(value = RoomCommand.PruneRedacted.class, name = "prune-redacted"),
    @JsonSubTypes.Type(value = RoomCommand.ReleaseAlias.class, name = "release-alias"),
    @JsonSubTypes.Type(value = RoomCommand.RejectPending.class, name = "reject-pending"),
    @JsonSubTypes.Type(value = RoomCommand.RemoveGuests.class, name = "remove-guests"),
    @JsonSubTypes.Type(value = RoomCommand.HandOver.class, name = "hand-over"),
    @JsonSubTypes.Type(value = RoomAdminCommand.PurgeHistory.class, name = "purge-history"),
    @JsonSubTypes.Type(value = RoomAdminCommand.DeleteHistory.class, name = "delete-history"),
    @JsonSubTypes.Type(value = RoomAdminCommand.BlockRoom.class, name = "block"),
    @JsonSubTypes.Type(value = RoomAdminCommand.ShutDownRoom.class, name = "shut-down"),
    @JsonSubTypes.Type(value = RoomAdminCommand.MoveMember.class, name = "move-member"),
})
public sealed interface RoomCommand {

    /** A command about one entity, whose shard decides it. */
    sealed interface OfEntity extends RoomCommand, EntityMessage {}

    sealed interface OfRoom extends OfEntity
            permits SendEvent,
                    ChangeMembership,
                    CreateRoom,
                    ReplaceRoom,
                    HandOver,
                    ForgetRoom,
                    SetDirectoryVisibility,
                    RemoveGuests,
                    RefreshMember,
                    ReceivePdus,
                    StageState,
                    ResolveState,
                    PurgeRoom,
                    RoomAdminCommand {
        RoomId room();

        @Override
        default String entity() {
            return room().value();
        }
    }

    /** An alias is an entity of its own, in another shard than the room that it points to. */
    sealed interface OfAlias extends OfEntity {
        RoomAlias alias();

        @Override
        default String entity() {
            return alias().value();
        }
    }

    /** A command about all rooms of a shard. */
    sealed interface OfShard extends RoomCommand {
        int shard();
    }

    /**
     * Sends a message or sets state.
     *
     * @param stateKey null for an event that is not state
     * @param content a JSON object, as the client sent it
     * @param redacts the event to redact, for {@code m.room.redaction} (the room version says where the event names it)
     * @param timestamp the time that an application service gives the event; null for now
     * @param profile the profile of the user that {@code stateKey} names, for {@code m.room.member}
     * @param sticky for how many milliseconds the event is sticky (MSC4354); null if it is not
     */
    record SendEvent(
            RoomId room,
            Requester requester,
            String type,
            @Nullable String stateKey,
            byte[] content,
            @Nullable EventId redacts,
            @Nullable Long timestamp,
            @Nullable Profile profile,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long sticky,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            PolicyCheck policy)
            implements OfRoom {

        /** An event that is not sticky, of a writer that does not ask policy servers. */
        public SendEvent(
                RoomId room,
                Requester requester,
                String type,
                @Nullable String stateKey,
                byte[] content,
                @Nullable EventId redacts,
                @Nullable Long timestamp,
                @Nullable Profile profile) {
            this(room, requester, type, stateKey, content, redacts, timestamp, profile, null, null);
        }
    }

    /** A room that a user was joined to, as of a position of that room's shard. */
    record JoinedElsewhere(RoomId room, Position at) {}

    /**
     * Changes a membership.
     *
     * @param target the user whose membership changes; the requester for join, leave and knock
     * @param profile the target's profile, if the target is a user of this server
     * @param extra further content as a JSON object, with {@code third_party_signed} under that name; null for none
     * @param joinedElsewhere the rooms named by the join rule that the target is joined to, which permit a restricted join.
     *     Empty unless the join was refused without them
     */
    record ChangeMembership(
            RoomId room,
            Requester requester,
            MembershipAction action,
            UserId target,
            @Nullable String reason,
            @Nullable Profile profile,
            byte @Nullable [] extra,
            List<JoinedElsewhere> joinedElsewhere,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            PolicyCheck policy)
            implements OfRoom {

        /** A change that depends on no other room. */
        public static ChangeMembership of(
                RoomId room,
                Requester requester,
                MembershipAction action,
                UserId target,
                @Nullable String reason,
                @Nullable Profile profile,
                byte @Nullable [] extra) {
            return new ChangeMembership(room, requester, action, target, reason, profile, extra, List.of(), null);
        }
    }

    /** A user to invite into a new room. */
    record Invitee(UserId user, @Nullable Profile profile) {}

    /**
     * Creates a room with its first events, in one transaction.
     *
     * @param room from version 12 on, derived from the create event, which the writer and the owner build alike ({@link
     *     CreateEvents}) from {@code creationContent} and {@code timestamp}; up to version 11, any free ID
     * @param creationContent content of {@code m.room.create}, complete
     * @param preset {@code private_chat}, {@code public_chat} or {@code trusted_private_chat}; from version 12 on, the
     *     writer has listed the invitees of the last preset as {@code additional_creators}
     * @param published whether the room directory shows it
     * @param alias an alias that was claimed before and that this transaction confirms; null for none
     * @param powerLevelOverride JSON object; null for none
     */
    record CreateRoom(
            RoomId room,
            Requester requester,
            Profile profile,
            String version,
            byte[] creationContent,
            long timestamp,
            String preset,
            boolean published,
            boolean direct,
            @Nullable RoomAlias alias,
            @Nullable String name,
            @Nullable String topic,
            byte @Nullable [] powerLevelOverride,
            List<StateEntry> initialState,
            List<Invitee> invitees)
            implements OfRoom {

        /** The same room with other content of its create event. */
        public CreateRoom with(byte[] otherCreationContent) {
            return new CreateRoom(
                    room,
                    requester,
                    profile,
                    version,
                    otherCreationContent,
                    timestamp,
                    preset,
                    published,
                    direct,
                    alias,
                    name,
                    topic,
                    powerLevelOverride,
                    initialState,
                    invitees);
        }
    }

    /**
     * Upgrades a room: sends its tombstone and creates its replacement in one transaction. The answer is that of {@link
     * CreateRoom}.
     *
     * @param before the tombstone that the room has already, as far as the writer knows; null for none. If the room has
     *     another one by now, another upgrade came first, and the command is refused with 409
     * @param tombstone content of {@code m.room.tombstone}, complete
     * @param replacement the new room, in the same shard and by the same user. Up to version 11 the owner sets {@code
     *     predecessor.event_id} of its create event to the tombstone
     */
    record ReplaceRoom(RoomId room, @Nullable EventId before, byte[] tombstone, CreateRoom replacement)
            implements OfRoom {}

    /** Somebody who is or was in this room has joined another. If its tombstone names that, what they set here follows. */
    record HandOver(RoomId room, UserId user, RoomId replacement) implements OfRoom {}

    /** The user no longer wants to see a room they are not in. */
    record ForgetRoom(RoomId room, UserId user) implements OfRoom {}

    record SetDirectoryVisibility(RoomId room, UserId user, boolean published) implements OfRoom {}

    /**
     * Reserves an alias until a deadline, or makes it point to a room at once.
     *
     * @param confirmed whether the alias points to the room at once; a claim for a {@link CreateRoom} lapses unless it is
     *     confirmed
     * @param lapses milliseconds since the epoch
     */
    record ClaimAlias(RoomAlias alias, RoomId room, UserId creator, boolean confirmed, long lapses)
            implements OfAlias {}

    record ConfirmAlias(RoomAlias alias, RoomId room, UserId creator) implements OfAlias {}

    /**
     * Makes an alias point to {@code to} if it still points to {@code from}, the room that was replaced. The alias keeps
     * its creator.
     */
    record MoveAlias(RoomAlias alias, RoomId from, RoomId to) implements OfAlias {}

    /** @param permitted whether the room's state permits the user to delete an alias that another user created */
    record DeleteAlias(RoomAlias alias, UserId user, boolean permitted) implements OfAlias {}

    /**
     * Writes a user's changed profile into their member events in this shard's rooms. Each room shard gets one command.
     *
     * @param after the last room that is done, null at first; the shard gives itself the command again for the rooms after
     *     it
     */
    record ApplyProfile(
            int shard, Profile profile, @Nullable RoomId after) implements OfShard {}

    /**
     * Makes a user whose account is closed leave some of the shard's rooms that they are invited to or have knocked at.
     *
     * @param after the last room that is done, null at first; the shard gives itself the command again for the rooms after
     *     it
     */
    record RejectPending(
            int shard, Profile profile, @Nullable RoomId after) implements OfShard {}

    /**
     * Makes some of this server's guests leave a room that no longer admits guests.
     *
     * @param created the number of the room's create event
     * @param since the number of the fact since which the room admits no guests
     * @param after the last guest who is done, null at first; the shard gives itself the command again for the guests after
     *     them
     */
    record RemoveGuests(
            RoomId room, long created, long since, @Nullable UserId after) implements OfRoom {}

    /** The part of {@link ApplyProfile} for one room: makes the new member event. */
    record RefreshMember(RoomId room, Profile profile) implements OfRoom {}

    /**
     * Receives events of other servers, in this order; answered by {@link RoomAnswer.PdusReceived}. A create event creates
     * the room here, so the writer has checked that this server is to take part in the room.
     *
     * <p>History is placed before all known history of the same live event. The events of a command get their places
     * together, so that they stay in order: while one of them is missing or postponed, the valid ones are {@link
     * ReceivedPdu.Postponed} too and have to be sent again with the rest.
     *
     * @param version of the room
     * @param pdus each as JSON; together no more than a record holds
     * @param keys the keys to check their signatures with, of all servers that {@code RequiredSignatures} names
     * @param placement where the events go; an outlier gets a place when it is received again with another placement
     * @param before for history: the event that the history precedes, which has a place in the room
     * @param statesBefore the state before each event whose {@code prev_events} are not all known, by the name that {@link
     *     StageState} gave the state. If no user of this server is in the room, the room continues from the first such live
     *     event that is accepted, and the state after that event becomes the current state
     */
    record ReceivePdus(
            RoomId room,
            String version,
            List<byte[]> pdus,
            List<ServerKey> keys,
            @JsonAlias("outliers") Placement placement,
            @Nullable EventId before,
            @JsonProperty("given") Map<EventId, Long> statesBefore)
            implements OfRoom {

        /** A writer of an earlier release sends no {@code given}. */
        public ReceivePdus {
            statesBefore = Objects.requireNonNullElse(statesBefore, Map.of());
        }

        /** Events without given states. */
        public ReceivePdus(RoomId room, String version, List<byte[]> pdus, List<ServerKey> keys, Placement placement) {
            this(room, version, pdus, keys, placement, null, Map.of());
        }
    }

    /**
     * A key of another server.
     *
     * @param key the 32 bytes of an Ed25519 public key
     * @param validUntil the latest time of an event that the key may have signed, in milliseconds since the epoch
     */
    record ServerKey(ServerName server, String keyId, byte[] key, long validUntil) {}

    /**
     * Stores a state that another server has sent, piece by piece, for {@link ReceivePdus#statesBefore}; answered by {@link
     * RoomAnswer.StateStaged} or by {@link RoomAnswer.EventsUnknown}. Readers do not see a state that is only staged.
     *
     * @param version of the room
     * @param base the name of the state that the pieces before this one make up; 0 for the first piece
     * @param events state events of the room that have been received, as outliers or otherwise, and were not rejected; at
     *     most {@value #MOST_EVENTS}. An event that the base has already is skipped; another event for the same type and
     *     state key is refused
     */
    record StageState(RoomId room, String version, long base, List<EventId> events) implements OfRoom {

        public static final int MOST_EVENTS = 500;
    }

    /** Resolves the states of the room's forward extremities into one. */
    record ResolveState(RoomId room) implements OfRoom {}

    /**
     * Deletes a room from this server. From the answer on the room is unknown or, if {@code force} makes users leave first,
     * nobody may join it. The room's rows are deleted afterwards, some at a time, and then its ID is free. A room that
     * cannot be read is deleted at once, whatever its members.
     *
     * @param force whether users of this server are made to leave the room; otherwise the command is refused while any are
     *     in it
     * @param aliases this server's aliases that point to the room; they are deleted with it
     * @param after the last user who is done, null at first; the shard gives itself the command again for the users after
     *     them
     */
    record PurgeRoom(
            RoomId room,
            boolean force,
            List<RoomAlias> aliases,
            @Nullable UserId after) implements OfRoom {}

    /** Deletes an alias if it points to this room, which is purged. */
    record ReleaseAlias(RoomAlias alias, RoomId room) implements OfAlias {}

    /**
     * Prunes the bodies of some events that were redacted long enough ago. The shard gives itself the command again for the
     * others.
     *
     * @param until milliseconds since the epoch; only events that were redacted by then are pruned
     * @param step counts from 0
     */
    record PruneRedacted(int shard, long until, int step) implements OfShard {}

    /** A command of a later release; it is answered as unsupported. */
    record Unknown() implements RoomCommand {}
}
