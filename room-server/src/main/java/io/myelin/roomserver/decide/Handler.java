package io.myelin.roomserver.decide;

import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.OfAlias;
import io.myelin.contracts.room.RoomCommand.OfRoom;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How commands of one class are decided.
 *
 * @param keys names the entities that such a command is about
 * @param stateToRead asks for the events of the room's state that the decision is going to read, in one go
 * @param settlesFirst whether the decision needs a single current state of the command's room; if the room's forward
 *     extremities have several states, they are resolved first
 * @param ofClient whether a client sends such commands; only these are subject to the {@link
 *     io.myelin.roomserver.room.RoomLimits}
 */
record Handler<C extends RoomCommand>(
        Class<C> type,
        Function<C, List<String>> keys,
        Rule<C> rule,
        BiConsumer<Known, C> stateToRead,
        boolean settlesFirst,
        boolean ofClient) {

    /** Decides a command. */
    @FunctionalInterface
    interface Rule<C> {
        Decision<RoomEntity, RoomChange> decide(Known known, C command, Moment moment);
    }

    /** A handler that reads a few events of a room's state at most. */
    static <C extends RoomCommand> Handler<C> of(Class<C> type, Function<C, List<String>> keys, Rule<C> rule) {
        return new Handler<>(type, keys, rule, (_, _) -> {}, false, false);
    }

    Handler<C> reading(BiConsumer<Known, C> state) {
        return new Handler<>(type, keys, rule, state, settlesFirst, ofClient);
    }

    Handler<C> settlingFirst() {
        return new Handler<>(type, keys, rule, stateToRead, true, ofClient);
    }

    Handler<C> forClients() {
        return new Handler<>(type, keys, rule, stateToRead, settlesFirst, true);
    }

    static List<String> room(OfRoom command) {
        return List.of(EntityKey.of(command.room()));
    }

    /** The room, and the user if the ID is valid; an invalid one is refused when the command is decided. */
    static List<String> roomAndUser(OfRoom command, UserId user) {
        String room = EntityKey.of(command.room());
        return UserId.tryParse(user.value()).isPresent() ? List.of(room, EntityKey.of(user)) : List.of(room);
    }

    static List<String> alias(OfAlias command) {
        return List.of(EntityKey.of(command.alias()));
    }
}
