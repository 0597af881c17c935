package io.myelin.clientroomsend;

import io.myelin.clientroomsend.signal.Signals;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.typing.SetTyping;
import java.util.ArrayList;
import java.util.List;

/** Records the signals instead of sending them. */
public final class FakeSignals implements Signals {
    private final List<Object> sent = new ArrayList<>();
    private boolean unavailable;

    public void reset() {
        sent.clear();
        unavailable = false;
    }

    /** From now on sending fails. */
    public void fail() {
        unavailable = true;
    }

    @Override
    public void send(SetTyping typing) {
        keep(typing);
    }

    @Override
    public void send(SetPresence presence) {
        keep(presence);
    }

    private void keep(Object signal) {
        if (unavailable) {
            throw new Unavailable("There is no broker");
        }
        sent.add(signal);
    }

    public List<Object> sent() {
        return sent;
    }
}
