package io.myelin.server.pipeline;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The parts that start and stop in one phase, see {@link io.myelin.server.Phases}. Each part is added when its bean is
 * created, which happens only if another bean of the process needs it.
 */
public final class PhaseParts implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(PhaseParts.class);
    private static final long PATIENCE_SECONDS = 5;

    /** An action that may fail or be interrupted. */
    public interface Step {
        void run() throws Exception;
    }

    private record Part(String name, Step start, Step stop) {}

    private final int phase;
    private final boolean sideBySide;
    private final List<Part> parts = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    private PhaseParts(int phase, boolean sideBySide) {
        this.phase = phase;
        this.sideBySide = sideBySide;
    }

    /** A stage that starts its parts in the order in which they were added, and stops them in reverse. */
    public static PhaseParts inOrder(int phase) {
        return new PhaseParts(phase, false);
    }

    /** A stage whose parts do not need each other: they start at the same time, and stop at the same time. */
    public static PhaseParts sideBySide(int phase) {
        return new PhaseParts(phase, true);
    }

    /**
     * Adds a part.
     *
     * @param name for the log, if the part takes long
     */
    public void add(String name, Step start, Step stop) {
        parts.add(new Part(name, start, stop));
    }

    @Override
    public void start() {
        each(parts, PhaseParts::start);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        each(parts.reversed(), PhaseParts::stop);
    }

    private void each(List<Part> all, Consumer<Part> action) {
        if (!sideBySide) {
            all.forEach(action);
            return;
        }
        List<CompletableFuture<Void>> actions = all.stream()
                .map(part -> CompletableFuture.runAsync(() -> action.accept(part), Thread::startVirtualThread))
                .toList();
        try {
            CompletableFuture.allOf(actions.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void start(Part part) {
        Thread watcher = Thread.startVirtualThread(() -> sayWhatIsWaitedFor(part.name));
        try {
            take(part.start);
        } finally {
            watcher.interrupt();
        }
    }

    private static void stop(Part part) {
        try {
            take(part.stop);
        } catch (RuntimeException e) {
            LOG.warn("{} did not stop as it should", part.name, e);
        }
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
