package io.myelin.matrix.resolution;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateMap;

/** Assertions on the state that forks were resolved to; a failure prints the whole story. */
record Resolved(Story story, StateMap<EventId> state) {
    /** Asserts that the state has these events for their keys. */
    Resolved has(Pdu... events) {
        for (Pdu event : events) {
            if (!event.eventId().equals(state.get(event.key()))) {
                throw failure(event + " is not in the resolved state");
            }
        }
        return this;
    }

    /** Asserts that the state has no events for the keys of these. */
    Resolved hasNothingFor(Pdu... events) {
        for (Pdu event : events) {
            if (state.get(event.key()) != null) {
                throw failure("there is something under the key of " + event);
            }
        }
        return this;
    }

    private AssertionError failure(String problem) {
        var text = new StringBuilder("Resolved, but " + problem + ".\nThe resolved state:\n");
        state.values().forEach(id -> text.append(story.told(id)).append('\n'));
        return new AssertionError(text.append("The story:\n").append(story).toString());
    }
}
