package io.myelin.roomserver.room;

import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers;
import org.jspecify.annotations.Nullable;

/** A state of a room, and where it stands among those that are written down. */
public record RoomState(StateMap<StateEvent> events, StateLayers layers) implements AuthState {

    public static final RoomState EMPTY = new RoomState(StateMap.empty(), StateLayers.EMPTY);

    /**
     * The state after an event.
     *
     * @param replaces the number of the event that it replaces, 0 for none
     */
    public record Next(RoomState state, long replaces, StateLayers.@Nullable Difference written) {}

    /** What the state is called. */
    public long name() {
        return layers.state();
    }

    @Override
    public @Nullable Pdu get(String type, String stateKey) {
        StateEvent event = events.get(type, stateKey);
        return event == null ? null : event.pdu();
    }

    /** The state after an event with this number, which may be no state event. */
    public Next after(long seq, Pdu event) {
        if (!event.isState()) {
            return new Next(this, 0, null);
        }
        StateEvent replaced = events.get(event.key());
        EventNumbers difference = replaced == null ? EventNumbers.of(seq) : EventNumbers.of(seq, replaced.seq());
        StateLayers.Next next = layers.after(seq, difference);
        return new Next(
                new RoomState(events.with(event.key(), new StateEvent(seq, event)), next.layers()),
                replaced == null ? 0 : replaced.seq(),
                next.written());
    }
}
