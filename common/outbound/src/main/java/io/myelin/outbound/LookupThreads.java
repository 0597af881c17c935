package io.myelin.outbound;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Promise;

/**
 * Runs name look-ups on threads of its own. A look-up blocks in the operating system, so on a virtual thread it would block
 * a carrier thread for all others; here a silent name server only blocks these threads. A look-up that waits too long for a
 * thread, or finds too many waiting, fails as if the host had no address.
 */
final class LookupThreads implements AutoCloseable {
    private static final int THREADS = 32;
    private static final int WAITING = 512;
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final ThreadPoolExecutor threads;
    private final long patience;

    /** One look-up. */
    @FunctionalInterface
    interface Lookup {
        List<InetSocketAddress> addresses() throws UnknownHostException;
    }

    /** @param patience how long a look-up may wait for a thread */
    LookupThreads(Duration patience) {
        this(patience, THREADS, WAITING);
    }

    LookupThreads(Duration patience, int count, int waiting) {
        this.patience = patience.toNanos();
        threads = new ThreadPoolExecutor(
                count,
                count,
                KEPT.toSeconds(),
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waiting),
                Thread.ofPlatform().daemon().name("names-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    void start(String host, Lookup lookup, Promise<List<InetSocketAddress>> promise) {
        long since = System.nanoTime();
        try {
            threads.execute(() -> {
                try {
                    if (System.nanoTime() - since > patience) {
                        throw new UnknownHostException(host + " was not looked up in time");
                    }
                    promise.succeeded(lookup.addresses());
                } catch (UnknownHostException | RuntimeException e) {
                    promise.failed(e);
                }
            });
        } catch (RejectedExecutionException e) {
            promise.failed(new UnknownHostException(host + " was not looked up: too many names are"));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
