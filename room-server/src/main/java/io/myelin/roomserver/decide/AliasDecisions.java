package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.RoomCommand.ClaimAlias;
import io.myelin.contracts.room.RoomCommand.ConfirmAlias;
import io.myelin.contracts.room.RoomCommand.DeleteAlias;
import io.myelin.contracts.room.RoomCommand.MoveAlias;
import io.myelin.contracts.room.RoomCommand.ReleaseAlias;
import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.AliasEntity;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Room aliases. Each alias is an entity of its own, whose shard sees to it that the alias is unique. */
final class AliasDecisions {

    List<Handler<?>> handlers() {
        return List.of(
                Handler.of(ClaimAlias.class, Handler::alias, this::claim),
                Handler.of(ConfirmAlias.class, Handler::alias, this::confirm),
                Handler.of(MoveAlias.class, Handler::alias, this::move),
                Handler.of(DeleteAlias.class, Handler::alias, this::delete),
                Handler.of(ReleaseAlias.class, Handler::alias, this::release));
    }

    private Decision<RoomEntity, RoomChange> claim(Known known, ClaimAlias command, Moment moment) {
        AliasEntity wanted = new AliasEntity(command.room(), command.creator(), command.confirmed(), command.lapses());
        Optional<AliasEntity> current = known.alias(command.alias()).filter(alias -> alias.isTaken(moment.now()));
        if (current.isPresent() && !isClaimFor(current.get(), wanted)) {
            throw command.confirmed()
                    ? new Refusal(409, "M_UNKNOWN", "This room alias exists already.")
                    : new Refusal(400, "M_ROOM_IN_USE", "This room alias is taken.");
        }
        return set(command.alias(), wanted, moment);
    }

    /** A claim that has lapsed is confirmed too, unless the alias has been taken meanwhile. */
    private Decision<RoomEntity, RoomChange> confirm(Known known, ConfirmAlias command, Moment moment) {
        AliasEntity wanted = new AliasEntity(command.room(), command.creator(), true, 0);
        Optional<AliasEntity> current = known.alias(command.alias()).filter(alias -> alias.isTaken(moment.now()));
        if (current.isPresent() && current.get().equals(wanted)) {
            return Outcome.already(command.room(), before(moment));
        }
        if (current.isPresent() && !isClaimFor(current.get(), wanted)) {
            throw new Refusal(409, "M_ROOM_IN_USE", "This room alias was taken meanwhile.");
        }
        return set(command.alias(), wanted, moment);
    }

    private Decision<RoomEntity, RoomChange> move(Known known, MoveAlias command, Moment moment) {
        Optional<AliasEntity> current = known.alias(command.alias())
                .filter(AliasEntity::confirmed)
                .filter(alias -> alias.room().equals(command.from()));
        return current.isPresent()
                ? set(
                        command.alias(),
                        new AliasEntity(command.to(), current.get().creator(), true, 0),
                        moment)
                : Outcome.already(command.to(), before(moment));
    }

    private Decision<RoomEntity, RoomChange> delete(Known known, DeleteAlias command, Moment moment) {
        AliasEntity current = known.alias(command.alias())
                .filter(AliasEntity::confirmed)
                .orElseThrow(() -> new Refusal(MatrixError.notFound("There is no such room alias.")));
        if (!command.permitted() && !current.creator().equals(command.user())) {
            throw new Refusal(MatrixError.forbidden("You did not make this room alias, nor have power in its room."));
        }
        RoomFact deleted = new RoomFact.AliasChanged(command.alias(), null, current.creator());
        return done(command.alias(), current.room(), new Absent(), deleted, moment);
    }

    /** Releases an alias whose room is gone. */
    private Decision<RoomEntity, RoomChange> release(Known known, ReleaseAlias command, Moment moment) {
        Optional<AliasEntity> current =
                known.alias(command.alias()).filter(alias -> alias.room().equals(command.room()));
        if (current.isEmpty()) {
            return Outcome.already(command.room(), before(moment));
        }
        RoomFact released =
                new RoomFact.AliasChanged(command.alias(), null, current.get().creator());
        return done(command.alias(), command.room(), new Absent(), released, moment);
    }

    private static boolean isClaimFor(AliasEntity current, AliasEntity wanted) {
        return !current.confirmed()
                && current.room().equals(wanted.room())
                && current.creator().equals(wanted.creator());
    }

    private static Decision<RoomEntity, RoomChange> set(RoomAlias alias, AliasEntity entity, Moment moment) {
        RoomFact fact = entity.confirmed()
                ? new RoomFact.AliasChanged(alias, entity.room(), entity.creator())
                : new RoomFact.AliasClaimed(alias, entity.room(), entity.creator(), entity.lapses());
        return done(alias, entity.room(), entity, fact, moment);
    }

    private static Decision<RoomEntity, RoomChange> done(
            RoomAlias alias, RoomId room, RoomEntity entity, RoomFact fact, Moment moment) {
        Position at = new Position(moment.shard(), moment.incarnation(), moment.seq());
        return Outcome.done(
                room, Map.of(EntityKey.of(alias), entity), List.of(new RoomChange.Plain(fact)), at, List.of());
    }

    private static Position before(Moment moment) {
        return new Position(moment.shard(), moment.incarnation(), moment.seq() - 1);
    }
}
