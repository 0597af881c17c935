package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.directory.Aliases;
import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.state.StateKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Moves a room's aliases on this server to its replacement, together with their entries in {@code m.room.canonical_alias}.
 * Entries for aliases on other servers stay in the old room. Client-server API, "Room Upgrades", server behaviour, 4.
 */
public final class MovedAliases {
    private static final StateKey CANONICAL_ALIAS = new StateKey(EventTypes.CANONICAL_ALIAS, "");
    private static final String ALIAS = "alias";
    private static final String ALTERNATIVES = "alt_aliases";

    private final RoomCommands commands;
    private final RoomQueries rooms;
    private final RoomStates states;
    private final Aliases aliases;
    private final LocalServerCheck localServer;

    public MovedAliases(
            RoomCommands commands,
            RoomQueries rooms,
            RoomStates states,
            Aliases aliases,
            LocalServerCheck localServer) {
        this.commands = commands;
        this.rooms = rooms;
        this.states = states;
        this.aliases = aliases;
        this.localServer = localServer;
    }

    /**
     * Moves the aliases of the old room. Then sets the replacement's {@code m.room.canonical_alias}, unless it has one:
     * with the old room's entries for all aliases that point to the replacement now.
     */
    void move(RoomId from, RoomId to, Requester requester) {
        rooms.aliasesOf(from).forEach(alias -> aliases.move(alias, from, to));
        Set<RoomAlias> moved = Set.copyOf(rooms.aliasesOf(to));
        boolean saysSomething = states.current(to, CANONICAL_ALIAS)
                .filter(state -> !state.content(EventTypes.CANONICAL_ALIAS).isEmpty())
                .isPresent();
        JsonObject announced = only(
                        announced(from),
                        alias -> of(alias).filter(moved::contains).isPresent())
                .retain(name -> name.equals(ALIAS) || name.equals(ALTERNATIVES));
        if (!saysSomething && !announced.isEmpty()) {
            announce(to, requester, announced);
        }
    }

    /** Removes this server's aliases from the old room's {@code m.room.canonical_alias}. */
    void leave(RoomId room, Requester requester) {
        JsonObject before = announced(room);
        JsonObject after =
                only(before, alias -> of(alias).filter(localServer::isOurs).isEmpty());
        if (!after.equals(before)) {
            announce(room, requester, after);
        }
    }

    private JsonObject announced(RoomId room) {
        return states.current(room, CANONICAL_ALIAS)
                .map(state -> state.content(EventTypes.CANONICAL_ALIAS))
                .orElse(JsonObject.EMPTY);
    }

    private void announce(RoomId room, Requester requester, JsonObject content) {
        commands.attempt(new SendEvent(
                room, requester, EventTypes.CANONICAL_ALIAS, "", CanonicalJson.encode(content), null, null, null));
    }

    /** The content with only the wanted aliases; a field that has none left is removed. */
    private static JsonObject only(JsonObject content, Predicate<Json> wanted) {
        JsonObject result = content;
        Json alias = content.get(ALIAS);
        if (alias != null && !wanted.test(alias)) {
            result = result.without(ALIAS);
        }
        if (!(content.get(ALTERNATIVES) instanceof JsonArray all)) {
            return result;
        }
        List<Json> kept = all.stream().filter(wanted).toList();
        return kept.isEmpty() ? result.without(ALTERNATIVES) : result.with(ALTERNATIVES, new JsonArray(kept));
    }

    private static Optional<RoomAlias> of(Json alias) {
        return alias instanceof JsonString(String text) ? RoomAlias.tryParse(text) : Optional.empty();
    }
}
