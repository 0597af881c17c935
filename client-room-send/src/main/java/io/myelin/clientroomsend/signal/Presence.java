package io.myelin.clientroomsend.signal;

import io.myelin.contracts.account.Session;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.web.AttemptLimit;
import org.jspecify.annotations.Nullable;

/** Sets a user's presence. Client-server API, "Presence". */
public final class Presence {
    private final Signals signals;
    private final ShownPresence shown;
    private final AttemptLimit limit;

    /** @param limit of signals by one user */
    public Presence(Signals signals, ShownPresence shown, AttemptLimit limit) {
        this.signals = signals;
        this.shown = shown;
        this.limit = limit;
    }

    /**
     * Returns once presence-server shows the new presence, at the latest after a second.
     *
     * @param statusMessage null for none
     */
    public void set(Session session, PresenceState presence, @Nullable String statusMessage) {
        limit.attempt(session.user());
        SetPresence set = new SetPresence(session.user(), presence, statusMessage);
        signals.send(set);
        shown.await(set);
    }
}
