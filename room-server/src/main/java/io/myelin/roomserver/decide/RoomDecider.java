package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.engine.shard.Decider;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.event.EventTooLarge;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EntityWeight;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomLimits;
import io.myelin.roomserver.room.RoomState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of room-server: which entities a command touches, and what becomes of them. */
public final class RoomDecider implements Decider<RoomEntity, RoomCommand, RoomChange> {

    private final SendEventDecision sendEvent;
    private final ChangeMembershipDecision changeMembership;
    private final CreateRoomDecision createRoom;
    private final ReplaceRoomDecision replaceRoom;
    private final RoomSettingDecisions settings;
    private final AliasDecisions aliases;
    private final ProfileDecisions profiles;
    private final ReceivePdusDecision receivePdus;
    private final SettleRoomDecision settleRoom;
    private final PurgeDecisions purge;
    private final PruneRedactedDecision prune;
    private final GuestDecisions guests;
    private final EventSigner signer;
    private final RoomLimits limits;

    /** @param shardCount in how many shards rooms, aliases and users are divided */
    public RoomDecider(EventSigner signer, int shardCount, RoomLimits limits) {
        this.signer = signer;
        this.limits = limits;
        receivePdus = new ReceivePdusDecision(signer);
        settleRoom = new SettleRoomDecision(signer);
        purge = new PurgeDecisions(signer, shardCount);
        guests = new GuestDecisions(signer);
        prune = new PruneRedactedDecision();
        sendEvent = new SendEventDecision(signer);
        changeMembership = new ChangeMembershipDecision(signer);
        createRoom = new CreateRoomDecision(signer, shardCount);
        replaceRoom = new ReplaceRoomDecision(createRoom, signer, shardCount);
        settings = new RoomSettingDecisions(signer);
        aliases = new AliasDecisions();
        profiles = new ProfileDecisions(signer);
    }

    @Override
    public List<String> keys(RoomCommand command) {
        return switch (command) {
            case RoomCommand.SendEvent send -> sendEvent.keys(send);
            case RoomCommand.ChangeMembership change -> roomAndUser(EntityKey.of(change.room()), change.target());
            case RoomCommand.CreateRoom create ->
                roomAndUser(EntityKey.of(create.room()), create.requester().user());
            case RoomCommand.ReplaceRoom replace -> replaceRoom.keys(replace);
            case RoomCommand.ForgetRoom forget -> List.of(EntityKey.of(forget.room()));
            case RoomCommand.SetDirectoryVisibility set -> List.of(EntityKey.of(set.room()));
            case RoomCommand.ClaimAlias claim -> List.of(EntityKey.of(claim.alias()));
            case RoomCommand.ConfirmAlias confirm -> List.of(EntityKey.of(confirm.alias()));
            case RoomCommand.MoveAlias move -> List.of(EntityKey.of(move.alias()));
            case RoomCommand.DeleteAlias delete -> List.of(EntityKey.of(delete.alias()));
            case RoomCommand.ApplyProfile apply ->
                List.of(EntityKey.of(apply.profile().user()));
            case RoomCommand.RefreshMember refresh ->
                roomAndUser(EntityKey.of(refresh.room()), refresh.profile().user());
            case RoomCommand.ReceivePdus receive -> receivePdus.keys(receive);
            case RoomCommand.SettleRoom settle -> List.of(EntityKey.of(settle.room()));
            case RoomCommand.StageState stage -> StageStateDecision.keys(stage);
            case RoomCommand.PurgeRoom wish -> List.of(EntityKey.of(wish.room()));
            case RoomCommand.RemoveMember remove -> roomAndUser(EntityKey.of(remove.room()), remove.user());
            case RoomCommand.DeleteRemains delete ->
                List.of(EntityKey.of(delete.room()), EntityKey.ofRemains(delete.created(), delete.step()));
            case RoomCommand.ReleaseAlias release -> List.of(EntityKey.of(release.alias()));
            case RoomCommand.PruneRedacted wish -> List.of(EntityKey.ofUnpruned(wish.until(), wish.step()));
            case RoomCommand.RejectPending wish -> List.of(ProfileDecisions.key(wish));
            case RoomCommand.RemoveGuests remove -> List.of(EntityKey.of(remove.room()), GuestDecisions.key(remove));
            case RoomCommand.Unknown _ -> List.of(EntityKey.NOTHING);
        };
    }

    @Override
    public Decision<RoomEntity, RoomChange> decide(Entities<RoomEntity> entities, RoomCommand command, Moment moment) {
        try {
            Optional<RoomId> room = restsOnStateOf(command);
            if (room.isEmpty()) {
                return GuestDecisions.andRemove(decideAndKeep(new Known(entities), command, moment), moment);
            }
            Settlement settlement = Settlement.of(entities, room.get(), signer, moment);
            Known known = new Known(settlement.over(entities));
            return GuestDecisions.andRemove(
                    settlement.and(decideAndKeep(known, command, settlement.before(moment))), moment);
        } catch (Refusal refusal) {
            return refused(refusal.error());
        } catch (EventTooLarge tooLarge) {
            return refused(new MatrixError(413, "M_TOO_LARGE", String.valueOf(tooLarge.getMessage())));
        }
    }

    /** The room whose current state the decision needs; a purge goes on without it. */
    private static Optional<RoomId> restsOnStateOf(RoomCommand command) {
        return switch (command) {
            case RoomCommand.SendEvent send -> Optional.of(send.room());
            case RoomCommand.ChangeMembership change -> Optional.of(change.room());
            case RoomCommand.ForgetRoom forget -> Optional.of(forget.room());
            case RoomCommand.SetDirectoryVisibility set -> Optional.of(set.room());
            case RoomCommand.RefreshMember refresh -> Optional.of(refresh.room());
            case RoomCommand.SettleRoom settle -> Optional.of(settle.room());
            case RoomCommand.ReplaceRoom replace -> Optional.of(replace.room());
            case RoomCommand.RemoveMember remove -> Optional.of(remove.room());
            case RoomCommand.RemoveGuests remove -> Optional.of(remove.room());
            case RoomCommand.CreateRoom _,
                    RoomCommand.PurgeRoom _,
                    RoomCommand.ClaimAlias _,
                    RoomCommand.ConfirmAlias _,
                    RoomCommand.MoveAlias _,
                    RoomCommand.DeleteAlias _,
                    RoomCommand.ApplyProfile _,
                    RoomCommand.ReceivePdus _,
                    RoomCommand.StageState _,
                    RoomCommand.DeleteRemains _,
                    RoomCommand.ReleaseAlias _,
                    RoomCommand.PruneRedacted _,
                    RoomCommand.RejectPending _,
                    RoomCommand.Unknown _ -> Optional.empty();
        };
    }

    /** Decides; what was made or pruned of a room's state is kept beside the room, which has the numbers. */
    private Decision<RoomEntity, RoomChange> decideAndKeep(Known known, RoomCommand command, Moment moment) {
        StateToRead.require(known, command);
        Decision<RoomEntity, RoomChange> decision = decide(known, command, moment);
        if (decision.changes().isEmpty()) {
            return decision;
        }
        Map<String, RoomEntity> changes = new HashMap<>(known.stateEvents().changes());
        decision.changes().forEach((key, changed) -> {
            if (changed instanceof Room room) {
                checkLimits(known, command, room);
                changes.put(key, room.readBy(null));
            } else {
                changes.put(key, changed);
            }
        });
        return new Decision<>(changes, decision.facts(), decision.answer(), decision.accepted(), decision.orders());
    }

    private void checkLimits(Known known, RoomCommand command, Room after) {
        if (isOfClient(command)) {
            RoomState before = known.find(after.id()).map(Room::current).orElse(RoomState.EMPTY);
            limits.check(before, after.current());
        }
    }

    /** Whether a client asks for it: what other servers send, and what follows by itself, may be as large as it is. */
    private static boolean isOfClient(RoomCommand command) {
        return command instanceof RoomCommand.SendEvent
                || command instanceof RoomCommand.ChangeMembership
                || command instanceof RoomCommand.CreateRoom
                || command instanceof RoomCommand.ReplaceRoom;
    }

    private Decision<RoomEntity, RoomChange> decide(Known known, RoomCommand command, Moment moment) {
        return switch (command) {
            case RoomCommand.SendEvent send -> sendEvent.decide(known, send, moment);
            case RoomCommand.ChangeMembership change -> changeMembership.decide(known, change, moment);
            case RoomCommand.CreateRoom create -> createRoom.decide(known, create, moment);
            case RoomCommand.ReplaceRoom replace -> replaceRoom.decide(known, replace, moment);
            case RoomCommand.ForgetRoom forget -> settings.forget(known, forget, moment);
            case RoomCommand.SetDirectoryVisibility set -> settings.setVisibility(known, set, moment);
            case RoomCommand.ClaimAlias claim -> aliases.claim(known, claim, moment);
            case RoomCommand.ConfirmAlias confirm -> aliases.confirm(known, confirm, moment);
            case RoomCommand.MoveAlias move -> aliases.move(known, move, moment);
            case RoomCommand.DeleteAlias delete -> aliases.delete(known, delete, moment);
            case RoomCommand.ApplyProfile apply -> profiles.apply(known, apply, moment);
            case RoomCommand.RefreshMember refresh -> profiles.refresh(known, refresh, moment);
            case RoomCommand.ReceivePdus receive -> receivePdus.decide(known, receive, moment);
            case RoomCommand.SettleRoom settle -> settleRoom.decide(known, settle, moment);
            case RoomCommand.StageState stage -> StageStateDecision.decide(known, stage, moment);
            case RoomCommand.PurgeRoom wish -> purge.purge(known.entities(), wish, moment);
            case RoomCommand.RemoveMember remove -> purge.remove(known, remove, moment);
            case RoomCommand.DeleteRemains delete -> purge.deleteRemains(known, delete, moment);
            case RoomCommand.ReleaseAlias release -> aliases.release(known, release, moment);
            case RoomCommand.PruneRedacted wish -> prune.decide(known, wish, moment);
            case RoomCommand.RejectPending wish -> ProfileDecisions.rejectPending(known, wish, moment);
            case RoomCommand.RemoveGuests remove -> guests.remove(known, remove, moment);
            case RoomCommand.Unknown _ ->
                throw new Refusal(501, "M_UNRECOGNIZED", "This server does not know that command yet.");
        };
    }

    @Override
    public long weight(RoomEntity entity) {
        return EntityWeight.of(entity);
    }

    @Override
    public boolean understands(RoomCommand command) {
        return !(command instanceof RoomCommand.Unknown);
    }

    @Override
    public byte[] failed(String reason) {
        return Cbor.encode(new RoomAnswer.Refused(new MatrixError(500, "M_UNKNOWN", reason)));
    }

    /** The room, and the user if that is one: others are refused when the command is decided. */
    static List<String> roomAndUser(String room, UserId user) {
        Optional<UserId> valid = UserId.tryParse(user.value());
        return valid.isPresent() ? List.of(room, EntityKey.of(user)) : List.of(room);
    }

    private static Decision<RoomEntity, RoomChange> refused(MatrixError error) {
        return Decision.refused(Cbor.encode(new RoomAnswer.Refused(error)));
    }
}
