package io.myelin.server.observability;

import io.myelin.server.Phases;
import io.myelin.server.Readiness;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Whether this process is ready. It stops being ready as soon as it is told to stop. */
public final class Health implements SmartLifecycle {
    private static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private record Answer(@Nullable String trouble, long at) {}

    private final List<Readiness> parts;
    private volatile boolean running;
    private volatile @Nullable Answer last;

    public Health(List<Readiness> parts) {
        this.parts = parts;
    }

    /**
     * What does not work; null if everything does. The parts are checked at most four times a second, however often
     * this is called.
     */
    public @Nullable String trouble() {
        if (!running) {
            return "stopping";
        }
        Answer known = last;
        long now = System.nanoTime();
        if (known == null || now - known.at > MAX_AGE_NANOS) {
            known = new Answer(ask(), now);
            last = known;
        }
        return known.trouble;
    }

    private @Nullable String ask() {
        for (Readiness part : parts) {
            try {
                String trouble = part.trouble();
                if (trouble != null) {
                    return trouble;
                }
            } catch (RuntimeException e) {
                return String.valueOf(e.getMessage());
            }
        }
        return null;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
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
