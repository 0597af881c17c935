package io.myelin.kafka;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Where entities are loaded. A load that waits for the database gets a virtual thread. One that computes does not: it would
 * keep one of the few carriers of all virtual threads, by which requests are answered too, until it is done.
 */
final class LoadThreads implements AutoCloseable {

    /** How many loads compute at once: not so many that nothing else has a processor. */
    static final int MOST_COMPUTING = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final Executor waiting;
    private final ExecutorService computing;

    /** @param waiting where loads run that do not compute */
    LoadThreads(String service, Executor waiting) {
        this.waiting = waiting;
        computing = Executors.newFixedThreadPool(
                MOST_COMPUTING,
                Thread.ofPlatform().daemon().name(service + "-loader-", 1).factory());
    }

    void execute(boolean computes, Runnable load) {
        (computes ? computing : waiting).execute(load);
    }

    @Override
    public void close() {
        computing.shutdownNow();
    }
}
