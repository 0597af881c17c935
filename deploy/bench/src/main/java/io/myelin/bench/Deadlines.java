package io.myelin.bench;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections whose answer is overdue, from one thread that looks once a second. A socket's own time-out would
 * cost two more system calls for each read.
 */
final class Deadlines implements AutoCloseable {

    private final Set<Deadline> running = ConcurrentHashMap.newKeySet();
    private final Thread watch = Thread.ofPlatform().daemon().name("deadlines").start(this::watch);

    /** The time by which one exchange must have ended. */
    final class Deadline {
        private final Connection connection;
        private final long nanoTime;
        private volatile boolean passed;

        private Deadline(Connection connection, long nanoTime) {
            this.connection = connection;
            this.nanoTime = nanoTime;
        }

        boolean passed() {
            return passed;
        }

        void met() {
            running.remove(this);
        }
    }

    Deadline start(Connection connection, long millis) {
        var deadline = new Deadline(connection, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
        running.add(deadline);
        return deadline;
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                var now = System.nanoTime();
                for (var deadline : running) {
                    if (now - deadline.nanoTime > 0 && running.remove(deadline)) {
                        deadline.passed = true;
                        deadline.connection.close();
                    }
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
