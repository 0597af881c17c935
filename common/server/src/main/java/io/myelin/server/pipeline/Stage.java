package io.myelin.server.pipeline;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * What starts and stops in one phase, see {@link io.myelin.web.config.Phases}. Its parts are added by whoever makes
 * them, which may be never: a process has only what somebody in it asked for.
 */
public final class Stage implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Stage.class);
    private static final long PATIENCE_SECONDS = 5;

    /** What may fail, or be interrupted. */
    public interface Step {
        void run() throws Exception;
    }

    private record Part(String name, Step start, Step stop) {}

    private final int phase;
    private final List<Part> parts = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    public Stage(int phase) {
        this.phase = phase;
    }

    /**
     * Adds a part, to be started after those that were added before and stopped before them.
     *
     * @param name for the log, if the part keeps everybody waiting
     */
    public void add(String name, Step start, Step stop) {
        parts.add(new Part(name, start, stop));
    }

    @Override
    public void start() {
        parts.forEach(part -> {
            Thread watcher = Thread.startVirtualThread(() -> sayWhatIsWaitedFor(part.name));
            try {
                take(part.start);
            } finally {
                watcher.interrupt();
            }
        });
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        parts.reversed().forEach(part -> {
            try {
                take(part.stop);
            } catch (RuntimeException e) {
                LOG.warn("{} did not stop as it should", part.name, e);
            }
        });
    }

    private static void sayWhatIsWaitedFor(String name) {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
                LOG.warn("Waiting for {}", name);
            }
        } catch (InterruptedException e) {
            LOG.trace("{} has started", name);
        }
    }

    private static void take(Step step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
