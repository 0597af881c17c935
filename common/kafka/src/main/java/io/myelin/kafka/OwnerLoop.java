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
 * The one thread of an engine whose shards have one owner at a time. In each turn it runs the mailbox's messages and
 * lets the engine read and work; it claims the engine's shards and releases them at the end. For the lease it reports
 * whether it still turns, and it gives up all shards when the lease is lost.
 */
public final class OwnerLoop {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerLoop.class);
    private static final long TICK_MILLIS = 50;

    /** The exit code of a process whose loop has died. */
    private static final int FATAL = 3;

    /** The engine that the loop drives. All methods but {@link #isWaiting} are called on the loop's thread. */
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
         * Does the work that can be done now.
         *
         * @return whether there may be more
         */
        default boolean step(long now) {
            return false;
        }

        /** Whether the engine waits for something that ends by itself; such a wait counts as turning. */
        default boolean isWaiting() {
            return false;
        }

        /** Tells other threads what is owned and known now, and stops reading the inputs of all other shards. */
        default void refresh(Set<Integer> owned) {}

        /** Closes what the engine has opened, after the loop has ended. */
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

    /** Runs work that takes time. */
    ExecutorService workers() {
        return workers;
    }

    OwnershipShell claiming() {
        return claiming;
    }

    /** Tells the watchdog what the loop does next. */
    void goesOnWith(Object something) {
        Watchdog.Watched watch = watched;
        if (watch != null) {
            watch.goOnWith(something);
        }
    }

    /** Tells other threads which shards are owned, and only then releases the shards that were given up. */
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

    /** Whether the loop has turned since the last call; the lease is renewed only if it has. */
    public boolean hasTurned() {
        boolean hasTurned = turned || engine().isWaiting();
        turned = false;
        mailbox.wake();
        return hasTurned;
    }

    /** The shards that this process owned when its loop last turned. This does not check that its lease still holds. */
    public Set<Integer> owned() {
        return owned;
    }

    /** Whether every shard had a living owner, here or elsewhere, at the last look (one every 500 ms). */
    public boolean allOwned() {
        return allOwned;
    }

    /** Has the loop look for free shards, because another instance has come or has released some. */
    public void lookForShards() {
        mailbox.put(() -> engine().ownership().lookForShards(System.currentTimeMillis()));
    }

    /**
     * Gives up all shards, because the lease was lost. Returns when the loop has done so: a new lease must not cover
     * shards that the old one lost.
     */
    public void leaseLost() {
        CountDownLatch letGo = new CountDownLatch(1);
        mailbox.put(() -> {
            engine().ownership().leaseLost();
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

    /** Stops the loop: work under way ends, then the shards are released for others. */
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
     * Runs until the loop is stopped. A failure ends the process: a service without its loop would hold its shards and
     * do nothing.
     */
    private void run() {
        try (Watchdog.Watched watch = Watchdog.ofThisProcess().watch("The loop of " + service, halt)) {
            watched = watch;
            LoopTurns.Loop loop = LoopTurns.ofThisProcess().begin("The loop of " + service);
            turn(watch, loop);
            loop.end();
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

    private void turn(Watchdog.Watched watch, LoopTurns.Loop loop) {
        long tickAt = 0;
        boolean busy = false;
        while (!stopped && !engine().ownership().hasLeft()) {
            turned = true;
            loop.turn();
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

    /** Waits for work under way to end. */
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
