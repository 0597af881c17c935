package io.myelin.clientroomsend.signal;

import io.myelin.contracts.account.Session;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.web.AttemptLimit;
import org.jspecify.annotations.Nullable;

/** Says how somebody wants to be shown. Client-server API, "Presence". */
public final class Presence {
    private final Signals signals;
    private final AttemptLimit limit;

    /** @param limit of signals by one user */
    public Presence(Signals signals, AttemptLimit limit) {
        this.signals = signals;
        this.limit = limit;
    }

    /** @param statusMessage null for none */
    public void set(Session session, PresenceState presence, @Nullable String statusMessage) {
        limit.attempt(session.user().value());
        signals.send(new SetPresence(session.user(), presence, statusMessage));
    }
}
