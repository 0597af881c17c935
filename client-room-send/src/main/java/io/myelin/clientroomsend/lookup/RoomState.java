package io.myelin.clientroomsend.lookup;

import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.state.StateKey;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requested part of a room's current state; always with the create event. */
public record RoomState(Map<StateKey, Pdu> events) implements AuthState {

    public RoomState {
        events = Map.copyOf(events);
    }

    @Override
    public @Nullable Pdu get(String type, String stateKey) {
        return events.get(new StateKey(type, stateKey));
    }

    /** The room's create event. */
    public Pdu create() {
        return Objects.requireNonNull(get(EventTypes.CREATE, ""));
    }

    /** The content of the event with an empty state key; empty if there is none. */
    public JsonObject content(String type) {
        Pdu event = get(type, "");
        return event == null ? JsonObject.EMPTY : event.content();
    }

    /** The field if it is a non-empty string. */
    public Optional<String> text(String type, String field) {
        return content(type).string(field).filter(text -> !text.isEmpty());
    }

    public boolean hasJoined(UserId user) {
        return membership(user) == Membership.JOIN;
    }

    public PowerLevels powerLevels() {
        return PowerLevels.of(this);
    }
}
