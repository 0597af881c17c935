package io.myelin.clientroomsend.signal;

import io.myelin.contracts.Unavailable;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.typing.SetTyping;

/** The ways to typing-server and presence-server. Both return when a signal is on its way, which is all that is promised. */
public interface Signals {

    /** @throws Unavailable if it cannot be sent */
    void send(SetTyping typing);

    /** @throws Unavailable if it cannot be sent */
    void send(SetPresence presence);
}
