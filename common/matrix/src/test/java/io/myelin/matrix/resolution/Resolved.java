package io.myelin.matrix.resolution;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateMap;

/** What forks were resolved to, as assertions that tell the whole story when they fail. */
record Resolved(Story story, StateMap<EventId> state) {
    /** These are the state under their keys. */
    Resolved has(Pdu... events) {
        for (Pdu event : events) {
            if (!event.eventId().equals(state.get(event.key()))) {
                throw failure(event + " is not in the resolved state");
            }
        }
        return this;
    }

    /** Nothing is under the keys of these. */
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
