package io.myelin.kafka;

import io.myelin.engine.ownership.Claims;
import io.myelin.engine.ownership.Ownership;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of an engine whose shards have one owner at a time: it hands over what other threads bring, has the engine
 * read and work, and keeps its shards, from the first look to the last release. What it has to do for a lease is the same
 * for every engine: it says whether it turns, and lets go of everything when the lease is lost.
 */
public final class OwnerLoop {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerLoop.class);
    private static final long TICK_MILLIS = 50;

    /** The exit code of a process whose loop has died. */
    private static final int FATAL = 3;

    /** What is driven by the loop; called on its thread, except for {@link #isWaiting}. */
    interface Engine {

        Ownership ownership();

        /**
         * Reads inputs, and waits for them for as long as nothing is in the mailbox.
         *
         * @throws KafkaException if they cannot be read now
         * @throws BrokerUnavailable likewise
         */
        void poll(Duration wait);

        void tick(long now);

        /**
         * Does what can be done now.
         *
         * @return whether there may be more
         */
        default boolean step(long now) {
            return false;
        }

        /** Whether it waits for something that ends by itself, which counts as turning. */
        default boolean isWaiting() {
            return false;
        }

        /** Tells other threads what is owned and known now; what is not among these shards is no longer read. */
        default void refresh(Set<Integer> owned) {}

        /** Closes what the engine has opened; the loop is over. */
        void close();
    }

    private final String service;
    private final Consumer<byte[], byte[]> consumer;
    private final Mailbox mailbox;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final OwnershipShell claiming;
    private final Thread thread;
    private final java.util.function.Consumer<String> halt = OwnerLoop::haltTheProcess;
    private @Nullable Engine bound;
    private Watchdog.@Nullable Watched watched;
    private volatile boolean turned = true;
    private volatile boolean stopped;
    private volatile Set<Integer> owned = Set.of();
    private volatile boolean allOwned;

    OwnerLoop(String service, Consumer<byte[], byte[]> consumer, Claims claims) {
        this.service = service;
        this.consumer = consumer;
        mailbox = new Mailbox(consumer);
        claiming = new OwnershipShell(service, claims, mailbox, workers);
        thread = Thread.ofPlatform().daemon().name(service + "-loop").unstarted(this::run);
    }

    void bind(Engine engine) {
        bound = engine;
        claiming.bind(engine.ownership());
    }

    private Engine engine() {
        Engine engine = bound;
        if (engine == null) {
            throw new IllegalStateException("Not bound to an engine");
        }
        return engine;
    }

    // --- for the engine

    Mailbox mailbox() {
        return mailbox;
    }

    /** For what takes time. */
    ExecutorService workers() {
        return workers;
    }

    OwnershipShell claiming() {
        return claiming;
    }

    /** What the loop is about to do, for whoever watches that it does not take too long. */
    void goesOnWith(Object something) {
        Watchdog.Watched watch = watched;
        if (watch != null) {
            watch.goOnWith(something);
        }
    }

    /** Tells other threads what is owned; only then is released what was given up. */
    void refresh() {
        Set<Integer> mine = engine().ownership().owned();
        engine().refresh(mine);
        owned = mine;
        allOwned = engine().ownership().allOwned();
        claiming.sendReleases();
    }

    // --- for everybody

    public void start() {
        thread.start();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** Whether the loop has turned since this was last asked: what a lease is renewed for. */
    public boolean hasTurned() {
        boolean hasTurned = turned || engine().isWaiting();
        turned = false;
        mailbox.wake();
        return hasTurned;
    }

    /** The shards that this process owned when its loop last turned; whether its lease still holds is not asked. */
    public Set<Integer> owned() {
        return owned;
    }

    /** Whether every shard had a living owner, here or elsewhere, at the last look (one every 500 ms). */
    public boolean allOwned() {
        return allOwned;
    }

    /** Another instance has come, or has released something: worth a look. */
    public void moved() {
        mailbox.put(() -> engine().ownership().moved(System.currentTimeMillis()));
    }

    /**
     * The lease was lost. Returns when the loop has let go of everything: a new lease must not vouch for what the old one
     * lost.
     */
    public void lostEverything() {
        CountDownLatch letGo = new CountDownLatch(1);
        mailbox.put(() -> {
            engine().ownership().lostEverything();
            refresh();
            letGo.countDown();
        });
        try {
            while (thread.isAlive() && !letGo.await(100, TimeUnit.MILLISECONDS)) {
                LOG.warn("{} waits for its loop to let go of its shards", service);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops: what is under way ends, then the shards are released for others. */
    public void stop(Duration patience) {
        if (!thread.isAlive()) {
            return;
        }
        claiming.leave();
        mailbox.put(() -> engine().ownership().leave(System.currentTimeMillis()));
        try {
            thread.join(patience);
            stopped = true;
            mailbox.wake();
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // --- the thread

    /**
     * Whatever ends the loop before it was stopped ends the process: a service without its loop would hold its shards and do
     * nothing.
     */
    private void run() {
        try (Watchdog.Watched watch = Watchdog.ofThisProcess().watch("The loop of " + service, halt)) {
            watched = watch;
            turn(watch);
        } catch (Throwable fatal) {
            halt.accept("The loop of " + service + " has died: " + fatal);
            throw fatal;
        }
        refresh();
        engine().close();
        finish();
        KafkaSettings.close(consumer);
    }

    private static void haltTheProcess(String why) {
        System.err.println(why);
        Runtime.getRuntime().halt(FATAL);
    }

    private void turn(Watchdog.Watched watch) {
        long tickAt = 0;
        boolean busy = false;
        while (!stopped && !engine().ownership().hasLeft()) {
            turned = true;
            watch.begin("a turn");
            try {
                mailbox.empty();
                long now = System.currentTimeMillis();
                poll(busy ? Duration.ZERO : Duration.ofMillis(Math.clamp(tickAt - now, 0, TICK_MILLIS)));
                mailbox.empty();
                now = System.currentTimeMillis();
                if (now >= tickAt) {
                    tickAt = now + TICK_MILLIS;
                    engine().tick(now);
                    refresh();
                } else if (claiming.hasReleases()) {
                    refresh();
                }
                busy = engine().step(now);
            } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError bug) {
                LOG.error("The loop of {} goes on after a failure", service, bug);
            }
        }
    }

    private void poll(Duration wait) {
        try {
            engine().poll(wait);
        } catch (KafkaException | BrokerUnavailable e) {
            LOG.warn("{} cannot read its input now: {}", service, e.toString());
            LockSupport.parkNanos(wait.toNanos());
        }
    }

    /** Lets what was begun end. */
    private void finish() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(3, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
