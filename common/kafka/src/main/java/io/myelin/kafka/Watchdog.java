package io.myelin.kafka;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs slow work once: what it is, how long it has taken, and the stack of its thread. A loop that does not stop
 * computing ends the process: the next owner of its shards then knows that their owner has died, and gives the command
 * up after several such deaths. Each process has one watchdog, with a thread of its own.
 */
final class Watchdog {

    /** How long one turn of a loop, one decision or one preparation may take until it is logged. */
    static final long SLOW_NANOS = 1_000_000_000L;

    /** How much processor time a turn of a loop may use after it was logged; then the loop counts as hung. */
    static final long HUNG_NANOS = 60_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long LOOK_MILLIS = 200;
    private static final int FRAMES = 20;
    private static final Watchdog OF_THIS_PROCESS = new Watchdog(LOG::warn);

    private final Set<Watched> all = ConcurrentHashMap.newKeySet();
    private final Consumer<String> says;
    private @Nullable Thread thread;

    Watchdog(Consumer<String> says) {
        this.says = says;
    }

    static Watchdog ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /** Watches what the calling thread does, until the result is {@linkplain Watched#close closed}. */
    synchronized Watched watch(String who, @Nullable Consumer<String> whenHung) {
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("watchdog").start(this::lookForEver);
        }
        Watched watched = new Watched(who, Thread.currentThread(), whenHung);
        all.add(watched);
        return watched;
    }

    private void lookForEver() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(LOOK_MILLIS);
                look(System.nanoTime());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("The watchdog goes on after a failure", e);
            }
        }
    }

    void look(long now) {
        all.forEach(watched -> watched.look(now));
    }

    /** A thread, and what it does. */
    final class Watched implements AutoCloseable {
        private final String who;
        private final Thread worker;
        private final @Nullable Consumer<String> whenHung;

        /** What the thread does, described only when it is logged; null while it does nothing. */
        private volatile @Nullable Object what;

        private volatile long since;
        private long told;
        private long cpuWhenTold;

        private Watched(String who, Thread worker, @Nullable Consumer<String> whenHung) {
            this.who = who;
            this.worker = worker;
            this.whenHung = whenHung;
        }

        /** Work begins that should not take long. */
        void begin(Object something) {
            since = System.nanoTime();
            what = something;
        }

        /** The same work goes on with another step; its time keeps counting. */
        void goOnWith(Object something) {
            what = something;
        }

        void end() {
            what = null;
        }

        private void look(long now) {
            Object doing = what;
            long began = since;
            if (doing == null || now - began < SLOW_NANOS) {
                return;
            }
            String story = who + " has been busy for " + (now - began) / 1_000_000 + " ms with " + doing;
            if (told != began) {
                told = began;
                cpuWhenTold = THREADS.getThreadCpuTime(worker.threadId());
                says.accept(story + "; its thread stands at " + stack());
            } else if (whenHung != null && THREADS.getThreadCpuTime(worker.threadId()) - cpuWhenTold > HUNG_NANOS) {
                whenHung.accept(story + " and does not end: the process ends; its thread stands at " + stack());
            }
        }

        private String stack() {
            return Arrays.stream(worker.getStackTrace())
                    .limit(FRAMES)
                    .map(String::valueOf)
                    .collect(Collectors.joining(" < "));
        }

        @Override
        public void close() {
            all.remove(this);
        }
    }
}
