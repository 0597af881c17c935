package io.myelin.bench.kernel;

import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.auth.AuthResult;
import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A branch of a room's history, up to its newest event. Continuing one branch twice makes two branches. Every event is
 * allowed by the authorisation rules at its place: a room that could not exist would be a different kernel.
 */
record Branch(RoomHistory history, StateMap<EventId> state, Pdu newest) {

    /** A room that was just created, with its creator joined. */
    static Branch createdBy(UserId creator, RoomVersion version) {
        var history = new RoomHistory(version);
        var template = new EventTemplate(version, creator, EventTypes.CREATE, JsonObject.EMPTY).stateKey("");
        if (version.eventFormat().roomIdOnCreateEvent()) {
            template.roomId(new RoomId("!large:" + creator.serverName()));
        }
        var create = history.add(template);
        StateMap<EventId> state = StateMap.empty();
        return new Branch(history, state.with(create.key(), create.eventId()), create)
                .withMember(creator, creator, JsonObject.of("membership", "join"));
    }

    /** The branch after one more state event. */
    Branch with(UserId sender, String type, String stateKey, JsonObject content) {
        var event = next(sender, type, stateKey, content);
        if (AuthRules.check(event, this::current) instanceof AuthResult.Rejected(var rule, var reason)) {
            throw new IllegalStateException(event + " is rejected by rule " + rule + ": " + reason);
        }
        return new Branch(history, state.with(event.key(), event.eventId()), event);
    }

    Branch withMember(UserId sender, UserId member, JsonObject content) {
        return with(sender, EventTypes.MEMBER, member.value(), content);
    }

    /** An event that extends this branch; the branch itself stays as it is. */
    Pdu next(UserId sender, String type, @Nullable String stateKey, JsonObject content) {
        return history.add(new EventTemplate(history.version(), sender, type, content)
                .roomId(newest.roomId())
                .stateKey(stateKey)
                .prevEvents(List.of(newest.eventId()))
                .authEvents(AuthEvents.select(type, stateKey, sender, content, history.version()).stream()
                        .flatMap(key -> Stream.ofNullable(state.get(key)))
                        .toList())
                .depth(newest.depth() + 1));
    }

    /** The state event of this type and state key, or null. */
    @Nullable
    Pdu current(String type, String stateKey) {
        var id = state.get(type, stateKey);
        return id == null ? null : history.event(id);
    }

    /** The state with the events themselves instead of their IDs, as a server has it in memory. */
    StateMap<Pdu> events() {
        StateMap<Pdu> events = StateMap.empty();
        for (var entry : state.stream().toList()) {
            events = events.with(entry.key(), history.event(entry.value()));
        }
        return events;
    }
}
