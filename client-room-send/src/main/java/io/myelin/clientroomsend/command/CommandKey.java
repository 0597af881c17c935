package io.myelin.clientroomsend.command;

import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.ApplyProfile;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.ClaimAlias;
import io.myelin.contracts.room.RoomCommand.ConfirmAlias;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.DeleteAlias;
import io.myelin.contracts.room.RoomCommand.DeleteRemains;
import io.myelin.contracts.room.RoomCommand.ForgetRoom;
import io.myelin.contracts.room.RoomCommand.MoveAlias;
import io.myelin.contracts.room.RoomCommand.PruneRedacted;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomCommand.RefreshMember;
import io.myelin.contracts.room.RoomCommand.RejectPending;
import io.myelin.contracts.room.RoomCommand.ReleaseAlias;
import io.myelin.contracts.room.RoomCommand.RemoveGuests;
import io.myelin.contracts.room.RoomCommand.RemoveMember;
import io.myelin.contracts.room.RoomCommand.ReplaceRoom;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomCommand.SetDirectoryVisibility;
import io.myelin.contracts.room.RoomCommand.SettleRoom;
import io.myelin.contracts.room.RoomCommand.StageState;
import io.myelin.contracts.room.RoomCommand.Unknown;

/** The entity that a command is for, whose shard decides it: a room, or an alias, which is an entity of its own. */
public final class CommandKey {
    private CommandKey() {}

    /** @throws IllegalArgumentException for commands that no client asks for */
    public static String of(RoomCommand command) {
        return switch (command) {
            case SendEvent send -> send.room().value();
            case ChangeMembership change -> change.room().value();
            case CreateRoom create -> create.room().value();
            case ReplaceRoom replace -> replace.room().value();
            case ForgetRoom forget -> forget.room().value();
            case SetDirectoryVisibility set -> set.room().value();
            case RefreshMember refresh -> refresh.room().value();
            case PurgeRoom purge -> purge.room().value();
            case ClaimAlias claim -> claim.alias().value();
            case ConfirmAlias confirm -> confirm.alias().value();
            case MoveAlias move -> move.alias().value();
            case DeleteAlias delete -> delete.alias().value();
            case ApplyProfile _,
                    ReceivePdus _,
                    SettleRoom _,
                    StageState _,
                    RemoveMember _,
                    RejectPending _,
                    RemoveGuests _,
                    DeleteRemains _,
                    ReleaseAlias _,
                    PruneRedacted _,
                    Unknown _ ->
                throw new IllegalArgumentException(
                        "No client asks for " + command.getClass().getSimpleName() + ".");
        };
    }
}
