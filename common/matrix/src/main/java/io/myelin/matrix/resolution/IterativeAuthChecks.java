package io.myelin.matrix.resolution;

import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps 2 and 4: events are applied to a state one by one, if the rules allow each in the state that the events before it
 * have made. Room versions, "Iterative auth checks".
 */
final class IterativeAuthChecks {
    private final LoadedEvents events;

    IterativeAuthChecks(LoadedEvents events) {
        this.events = events;
    }

    StateMap<EventId> apply(List<Pdu> sorted, StateMap<EventId> initial) {
        StateMap<EventId> state = initial;
        for (Pdu event : sorted) {
            if (AuthRules.check(event, stateFor(event, state)).isAllowed()) {
                state = state.with(event.key(), event.eventId());
            }
        }
        return state;
    }

    /** The state and, for keys that it lacks, the auth events that the event itself cites and that were not rejected. */
    private AuthState stateFor(Pdu event, StateMap<EventId> state) {
        return (type, stateKey) -> {
            Pdu current = current(state, type, stateKey);
            return current == null ? events.acceptedCited(event, type, stateKey) : current;
        };
    }

    private @Nullable Pdu current(StateMap<EventId> state, String type, String stateKey) {
        EventId id = state.get(type, stateKey);
        return id == null ? null : events.get(id);
    }
}
