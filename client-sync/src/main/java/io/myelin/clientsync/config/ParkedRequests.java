package io.myelin.clientsync.config;

import io.myelin.clientsync.park.LongPolls;
import io.myelin.server.Phases;
import org.springframework.context.SmartLifecycle;

/** Has all parked requests answered at once when the server stops, before the web server waits for them. */
final class ParkedRequests implements SmartLifecycle {
    private final LongPolls polls;
    private volatile boolean running;

    ParkedRequests(LongPolls polls) {
        this.polls = polls;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        polls.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.PARKED_REQUESTS;
    }
}
