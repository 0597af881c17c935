package io.myelin.kafka;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Where entities are loaded. A load that waits for the database runs on a virtual thread. A load that computes runs on
 * a platform thread: it would occupy one of the few carriers of virtual threads, which also answer requests.
 */
final class LoadThreads implements AutoCloseable {

    /** How many loads compute at once: half of the processors stay free for other work. */
    static final int MOST_COMPUTING = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final Executor waiting;
    private final ExecutorService computing;

    /** @param waiting runs the loads that do not compute */
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
