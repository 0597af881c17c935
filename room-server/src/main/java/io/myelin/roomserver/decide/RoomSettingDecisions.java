package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.RoomCommand.ForgetRoom;
import io.myelin.contracts.room.RoomCommand.SetDirectoryVisibility;
import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import java.util.List;
import java.util.Map;

/** Settings of a room that are not events: that a user has forgotten it, and that the room directory shows it. */
final class RoomSettingDecisions {

    private final EventSigner signer;

    RoomSettingDecisions(EventSigner signer) {
        this.signer = signer;
    }

    List<Handler<?>> handlers() {
        return List.of(
                Handler.of(ForgetRoom.class, Handler::room, this::forget).settlingFirst(),
                Handler.of(SetDirectoryVisibility.class, Handler::room, this::setVisibility)
                        .settlingFirst());
    }

    private Decision<RoomEntity, RoomChange> forget(Known known, ForgetRoom command, Moment moment) {
        Room room = known.room(command.room());
        switch (room.membership(command.user())) {
            case JOIN, INVITE, KNOCK -> throw new Refusal(400, "M_UNKNOWN", "Leave the room before you forget it.");
            case LEAVE, BAN -> {
                // the user may forget the room
            }
        }
        return Outcome.done(
                room.id(),
                Map.of(),
                List.of(new RoomChange.Plain(new RoomFact.RoomForgotten(room.id(), command.user()))),
                new Position(moment.shard(), moment.incarnation(), moment.seq()),
                List.of());
    }

    /** Allowed to members who may send {@code m.room.canonical_alias}. */
    private Decision<RoomEntity, RoomChange> setVisibility(Known known, SetDirectoryVisibility command, Moment moment) {
        Room room = known.room(command.room());
        if (room.membership(command.user()) != Membership.JOIN
                || !room.powerLevels().maySend(command.user(), EventTypes.CANONICAL_ALIAS, true)) {
            throw new Refusal(MatrixError.forbidden("You do not have the power to publish this room."));
        }
        RoomEdit edit = new RoomEdit(room, signer, moment);
        edit.publish(command.published());
        return edit.facts().isEmpty() ? Outcome.already(room.id(), edit.position()) : Outcome.done(edit);
    }
}
