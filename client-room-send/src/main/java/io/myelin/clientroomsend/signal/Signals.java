package io.myelin.clientroomsend.signal;

import io.myelin.contracts.Unavailable;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.typing.SetTyping;

/**
 * Sends to typing-server and presence-server. Both methods return once the broker has the signal; nothing more is promised.
 */
public interface Signals {

    /** @throws Unavailable if it cannot be sent */
    void send(SetTyping typing);

    /** @throws Unavailable if it cannot be sent */
    void send(SetPresence presence);
}
