package io.myelin.accountserver.storage;

import java.time.Duration;
import java.util.List;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Deletes rows that have expired, in slices. Any number of instances may do so at once. */
public final class ExpiredRows implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiredRows.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final List<LongPredicate> deletions;
    private volatile boolean running;
    private final Thread thread =
            Thread.ofVirtual().name("account-expired-rows").unstarted(this::run);

    /** @param deletions each deletes a slice of what has expired at a time, and returns whether there may be more */
    public ExpiredRows(List<LongPredicate> deletions) {
        this.deletions = List.copyOf(deletions);
    }

    private void run() {
        while (running) {
            try {
                Thread.sleep(EVERY);
                for (LongPredicate deletion : deletions) {
                    while (running && deletion.test(System.currentTimeMillis())) {
                        Thread.yield();
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("What has expired stays for now: {}", e.getMessage());
            }
        }
    }

    @Override
    public void start() {
        running = true;
        thread.start();
    }

    @Override
    public void stop() {
        running = false;
        thread.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
