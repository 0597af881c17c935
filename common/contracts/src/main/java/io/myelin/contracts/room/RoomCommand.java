package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.ForEntity;
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

/** What somebody wants of a room. The room's shard alone decides it. A kind is of a room, of an alias or of a shard. */
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
    @JsonSubTypes.Type(value = RoomCommand.SettleRoom.class, name = "settle"),
    @JsonSubTypes.Type(value = RoomCommand.StageState.class, name = "stage"),
    @JsonSubTypes.Type(value = RoomCommand.PurgeRoom.class, name = "purge"),
    @JsonSubTypes.Type(value = RoomCommand.RemoveMember.class, name = "remove-member"),
    @JsonSubTypes.Type(value = RoomCommand.DeleteRemains.class, name = "delete-remains"),
    @JsonSubTypes.Type(value = RoomCommand.PruneRedacted.class, name = "prune-redacted"),
    @JsonSubTypes.Type(value = RoomCommand.ReleaseAlias.class, name = "release-alias"),
    @JsonSubTypes.Type(value = RoomCommand.RejectPending.class, name = "reject-pending"),
    @JsonSubTypes.Type(value = RoomCommand.RemoveGuests.class, name = "remove-guests"),
})
public sealed interface RoomCommand {

    /** A command about one entity, whose shard decides it. */
    sealed interface OfEntity extends RoomCommand, ForEntity {}

    sealed interface OfRoom extends OfEntity {
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
     * @param redacts the event to redact, for {@code m.room.redaction} (it stands where the room version has it)
     * @param timestamp what an application service says the time is; null for now
     * @param profile of the user that {@code stateKey} names, for {@code m.room.member}
     */
    record SendEvent(
            RoomId room,
            Requester requester,
            String type,
            @Nullable String stateKey,
            byte[] content,
            @Nullable EventId redacts,
            @Nullable Long timestamp,
            @Nullable Profile profile)
            implements OfRoom {}

    /** A room that a user was joined to, as of a position of that room's shard. */
    record JoinedElsewhere(RoomId room, Position at) {}

    /**
     * Changes a membership.
     *
     * @param target whose; the requester's own for join, leave and knock
     * @param profile the target's, where the target is ours
     * @param extra further content as JSON: {@code third_party_signed} stays below its own name; null for none
     * @param joinedElsewhere of the rooms that the join rule names, those the target is joined to: what a restricted join
     *     rests on. Empty unless a join without it was refused
     */
    record ChangeMembership(
            RoomId room,
            Requester requester,
            MembershipAction action,
            UserId target,
            @Nullable String reason,
            @Nullable Profile profile,
            byte @Nullable [] extra,
            List<JoinedElsewhere> joinedElsewhere)
            implements OfRoom {

        /** A membership that rests on no other room. */
        public static ChangeMembership of(
                RoomId room,
                Requester requester,
                MembershipAction action,
                UserId target,
                @Nullable String reason,
                @Nullable Profile profile,
                byte @Nullable [] extra) {
            return new ChangeMembership(room, requester, action, target, reason, profile, extra, List.of());
        }
    }

    /** Somebody to invite into a new room. */
    record Invitee(UserId user, @Nullable Profile profile) {}

    /**
     * Makes a room, all of it in one transaction.
     *
     * @param room in version 12 derived from the create event, which its writer and its owner build alike ({@link
     *     CreateEvents}) from {@code creationContent} and {@code timestamp}; before, any that is free
     * @param creationContent content of {@code m.room.create}, complete
     * @param preset {@code private_chat}, {@code public_chat} or {@code trusted_private_chat}; from version 12 on, the
     *     writer has made the last one's invitees {@code additional_creators}
     * @param published whether the room directory shows it
     * @param alias claimed before, confirmed by this transaction
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
     * Ends a room and makes the one that takes its place, both or neither; answered as the second alone would be.
     *
     * @param before the tombstone that the room has already, as far as its writer knows; null for none. If it is another by
     *     now, somebody else has ended the room meanwhile, and this is refused with 409
     * @param tombstone content of {@code m.room.tombstone}, complete
     * @param replacement in the same shard, by the same user. Up to version 11 {@code predecessor.event_id} of its create
     *     event is the tombstone, and put there by the owner
     */
    record ReplaceRoom(RoomId room, @Nullable EventId before, byte[] tombstone, CreateRoom replacement)
            implements OfRoom {}

    /** The user no longer wants to see a room they are not in. */
    record ForgetRoom(RoomId room, UserId user) implements OfRoom {}

    record SetDirectoryVisibility(RoomId room, UserId user, boolean published) implements OfRoom {}

    /**
     * Reserves an alias until a deadline, or makes it point to a room at once.
     *
     * @param confirmed whether it is to stay; a claim of {@link CreateRoom} lapses unless it is confirmed
     * @param lapses milliseconds since the epoch
     */
    record ClaimAlias(RoomAlias alias, RoomId room, UserId creator, boolean confirmed, long lapses)
            implements OfAlias {}

    record ConfirmAlias(RoomAlias alias, RoomId room, UserId creator) implements OfAlias {}

    /** Has an alias point to the room that takes another's place, if it points to that one still. It keeps its creator. */
    record MoveAlias(RoomAlias alias, RoomId from, RoomId to) implements OfAlias {}

    /** @param permitted whether the user may delete it although they did not make it (checked by the room's state) */
    record DeleteAlias(RoomAlias alias, UserId user, boolean permitted) implements OfAlias {}

    /**
     * A user's profile has changed: this shard's rooms shall show it. One for each room shard.
     *
     * @param after null at first; the shard goes on with the rooms beyond by giving itself the same command again
     */
    record ApplyProfile(
            int shard, Profile profile, @Nullable RoomId after) implements OfShard {}

    /**
     * A user whose account is closed leaves the shard's rooms that they are invited to or knock at, some of them.
     *
     * @param after null at first; the shard goes on with the rooms beyond by giving itself the same command again
     */
    record RejectPending(
            int shard, Profile profile, @Nullable RoomId after) implements OfShard {}

    /**
     * Our guests leave a room that lets guests in no more, some of them.
     *
     * @param created the number of the room's create event
     * @param since the number of the fact by which that became so
     * @param after null at first; the shard goes on with the guests beyond by giving itself the same command again
     */
    record RemoveGuests(
            RoomId room, long created, long since, @Nullable UserId after) implements OfRoom {}

    /** A slice of {@link ApplyProfile}: makes the member event of one room. */
    record RefreshMember(RoomId room, Profile profile) implements OfRoom {}

    /**
     * Events that other servers made, in the order in which they are to be taken; answered by {@link
     * RoomAnswer.PdusReceived}. Who sends them has seen to it that this server is to have the room: a create event makes it.
     *
     * <p>History is put below all that is known before the same live event. So that it stays in order, it gets its places
     * together: as long as one of the events is missing or postponed, those that are good are {@link ReceivedPdu.Postponed}
     * too, to be sent again with the rest.
     *
     * @param version of the room
     * @param pdus each as JSON; together no more than a record holds
     * @param keys what their signatures are checked with: those of all servers that {@code RequiredSignatures} names
     * @param placement where they go; an outlier gets its place when it comes again as something else
     * @param before for history: the event before which it belongs, which has its place
     * @param given of events whose {@code prev_events} are not all known the state before them, by the name that {@link
     *     StageState} gave it. Where no user of ours is in the room, the first such live event that is accepted is where
     *     the room goes on from, and the current state becomes the one after it
     */
    record ReceivePdus(
            RoomId room,
            String version,
            List<byte[]> pdus,
            List<ServerKey> keys,
            @JsonAlias("outliers") Placement placement,
            @Nullable EventId before,
            Map<EventId, Long> given)
            implements OfRoom {

        /** Who sends the command may be of a release that gave no states. */
        public ReceivePdus {
            given = Objects.requireNonNullElse(given, Map.of());
        }

        /** Events of which no state is given. */
        public ReceivePdus(RoomId room, String version, List<byte[]> pdus, List<ServerKey> keys, Placement placement) {
            this(room, version, pdus, keys, placement, null, Map.of());
        }
    }

    /**
     * A key of another server.
     *
     * @param key the 32 bytes of an Ed25519 public key
     * @param validUntil milliseconds since the epoch: the youngest event that it may have signed
     */
    record ServerKey(ServerName server, String keyId, byte[] key, long validUntil) {}

    /**
     * Puts down a state of another server's room, piece by piece, to be given to {@link ReceivePdus}; answered by {@link
     * RoomAnswer.StateStaged}, or by {@link RoomAnswer.EventsUnknown}. Nobody sees a state that is only staged.
     *
     * @param version of the room
     * @param base names the state of the pieces before this one; 0 for the first
     * @param events state events of the room that have been received, as outliers or otherwise, and were not rejected; at
     *     most {@value #MOST_EVENTS}. What the base has already is passed over; another event for the same place is refused
     */
    record StageState(RoomId room, String version, long base, List<EventId> events) implements OfRoom {

        public static final int MOST_EVENTS = 500;
    }

    /** Makes one state of those that the room's forward extremities have. */
    record SettleRoom(RoomId room) implements OfRoom {}

    /**
     * Takes a room away as if it had never been here. From the answer on it is unknown, unless {@code force} has users
     * leave first: then nobody may join it from the answer on. Its rows go after that, some at a time, and then its ID is
     * free. A room that cannot be read goes at once, whoever is in it.
     *
     * @param force whether our users who are in the room are made to leave it; else it is refused while there are any
     * @param aliases of this server that point to the room: they go with it
     * @param after null at first; the shard goes on with the users beyond by giving itself the same command again
     */
    record PurgeRoom(
            RoomId room,
            boolean force,
            List<RoomAlias> aliases,
            @Nullable UserId after) implements OfRoom {}

    /** A slice of {@link PurgeRoom} or {@link RemoveGuests}: one of our users leaves the room, if they are in it. */
    record RemoveMember(RoomId room, UserId user) implements OfRoom {}

    /**
     * A slice of {@link PurgeRoom}: some of the rows of a room that is gone.
     *
     * @param created the number of its create event: there may be a room of the same ID by now
     * @param step counts on from 0; any other than the next one is passed over
     */
    record DeleteRemains(RoomId room, long created, int step) implements OfRoom {}

    /** Has an alias point nowhere, if it points to this room, which is gone. */
    record ReleaseAlias(RoomAlias alias, RoomId room) implements OfAlias {}

    /**
     * Prunes the bodies of events that were redacted long enough ago, some of them; the shard goes on with the others by
     * giving itself the same command again.
     *
     * @param until milliseconds since the epoch: those that were redacted by then
     * @param step counts on from 0
     */
    record PruneRedacted(int shard, long until, int step) implements OfShard {}

    /** A kind of a later release: answered as unsupported. */
    record Unknown() implements RoomCommand {}
}
