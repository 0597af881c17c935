package io.myelin.clientroomsend.signal;

import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;

/** Sets whether a user is typing. Client-server API, "Typing Notifications". */
public final class Typing {
    private final Signals signals;
    private final RoomStates states;
    private final AttemptLimit limit;

    /** @param limit of signals by one user */
    public Typing(Signals signals, RoomStates states, AttemptLimit limit) {
        this.signals = signals;
        this.states = states;
        this.limit = limit;
    }

    /**
     * Sets whether the user is typing. The user must be in the room to begin, but need not be to stop: a client also stops
     * typing right after leaving.
     *
     * @param timeoutMillis 0 if the user no longer types
     */
    public void set(Session session, RoomId room, long timeoutMillis) {
        limit.attempt(session.user());
        var member = new StateKey(EventTypes.MEMBER, session.user().value());
        if (timeoutMillis > 0
                && states.current(room, member)
                        .filter(state -> state.hasJoined(session.user()))
                        .isEmpty()) {
            throw new MatrixException(MatrixError.forbidden("You are not in this room."));
        }
        signals.send(new SetTyping(room, session.user(), timeoutMillis));
    }
}
