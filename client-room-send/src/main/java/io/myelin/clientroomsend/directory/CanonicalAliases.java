package io.myelin.clientroomsend.directory;

import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.StateEntry;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.MatrixException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the aliases in {@code m.room.canonical_alias}: an alias that the room does not list yet must point to the room.
 * Client-server API, {@code PUT /rooms/{roomId}/state/{eventType}/{stateKey}}.
 */
public final class CanonicalAliases {
    private final RoomQueries rooms;
    private final RoomStates states;
    private final LocalServerCheck localServer;

    public CanonicalAliases(RoomQueries rooms, RoomStates states, LocalServerCheck localServer) {
        this.rooms = rooms;
        this.states = states;
        this.localServer = localServer;
    }

    /** @throws MatrixException 400 {@code M_INVALID_PARAM} or {@code M_BAD_ALIAS} */
    public void check(RoomId room, JsonObject content) {
        Set<RoomAlias> added = aliases(content);
        if (added.isEmpty()) {
            return;
        }
        states.current(room, new StateKey(EventTypes.CANONICAL_ALIAS, ""))
                .map(CanonicalAliases::listed)
                .ifPresent(added::removeAll);
        for (RoomAlias alias : added) {
            boolean points = localServer.isOurs(alias)
                    && rooms.roomOf(alias).filter(room::equals).isPresent();
            if (!points) {
                throw bad(alias);
            }
        }
    }

    /** What the room's event says when an alias is gone; empty if it does not name the alias. */
    public Optional<JsonObject> without(RoomId room, RoomAlias alias) {
        Optional<JsonObject> content = states.current(room, new StateKey(EventTypes.CANONICAL_ALIAS, ""))
                .filter(state -> listed(state).contains(alias))
                .map(state -> state.content(EventTypes.CANONICAL_ALIAS));
        return content.map(named -> {
            JsonObject left =
                    named.string("alias").filter(alias.value()::equals).isPresent() ? named.without("alias") : named;
            return left.array("alt_aliases")
                    .map(array -> array.stream()
                            .filter(other -> !(other instanceof JsonString(String text) && text.equals(alias.value())))
                            .toList())
                    .map(others -> others.isEmpty()
                            ? left.without("alt_aliases")
                            : left.with("alt_aliases", new JsonArray(others)))
                    .orElse(left);
        });
    }

    /** As {@link #check}, for a room that is about to be created; only the alias that it is created with points to it. */
    public static void checkInitial(StateEntry entry, @Nullable RoomAlias only) {
        if (!entry.type().equals(EventTypes.CANONICAL_ALIAS)
                || !entry.stateKey().isEmpty()) {
            return;
        }
        for (RoomAlias alias : aliases(JsonParser.parseObject(entry.content()))) {
            if (!alias.equals(only)) {
                throw bad(alias);
            }
        }
    }

    private static Set<String> texts(JsonObject content) {
        Set<String> texts = new LinkedHashSet<>();
        switch (content.get("alias")) {
            case null -> {}
            case JsonNull _ -> {}
            case JsonString(String text) when text.isEmpty() -> {}
            case JsonString(String text) -> texts.add(text);
            default -> throw new MatrixException(MatrixError.invalidParam("'alias' must be a room alias."));
        }
        switch (content.get("alt_aliases")) {
            case null -> {}
            case JsonNull _ -> {}
            case JsonArray array -> array.forEach(element -> texts.add(text(element)));
            default ->
                throw new MatrixException(MatrixError.invalidParam("'alt_aliases' must be an array of aliases."));
        }
        return texts;
    }

    private static String text(Json element) {
        if (element instanceof JsonString(String text)) {
            return text;
        }
        throw new MatrixException(MatrixError.invalidParam("'alt_aliases' must be an array of aliases."));
    }

    private static Set<RoomAlias> aliases(JsonObject content) {
        Set<RoomAlias> aliases = new LinkedHashSet<>();
        texts(content).forEach(text -> aliases.add(RoomAlias.parse(text)));
        return aliases;
    }

    /** The aliases that the room's current event lists; anything else in its content is ignored. */
    private static Set<RoomAlias> listed(RoomState state) {
        JsonObject content = state.content(EventTypes.CANONICAL_ALIAS);
        Set<RoomAlias> aliases = new LinkedHashSet<>();
        content.string("alias").flatMap(RoomAlias::tryParse).ifPresent(aliases::add);
        content.array("alt_aliases")
                .orElse(JsonArray.EMPTY)
                .strings()
                .flatMap(text -> RoomAlias.tryParse(text).stream())
                .forEach(aliases::add);
        return aliases;
    }

    private static MatrixException bad(RoomAlias alias) {
        return new MatrixException(400, "M_BAD_ALIAS", "The alias " + alias + " does not point to this room.");
    }
}
