package io.myelin.apart;

import io.myelin.apart.Component.Tier;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts instances, keeps them alive, and stops them: those nobody needs any more first. */
final class Supervisor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
    private static final long LOOK_EVERY_MILLIS = 100;
    /** The order of the end. Requests end with those who answer them, so the gateway goes with its components. */
    private static final List<List<Tier>> END =
            List.of(List.of(Tier.GATEWAY, Tier.EDGES), List.of(Tier.SERVERS), List.of(Tier.ENGINES));

    private final List<Ward> wards = new CopyOnWriteArrayList<>();
    private final Thread watch = Thread.ofPlatform().daemon().name("watch").unstarted(this::lookAfterThem);
    private volatile boolean closing;

    /**
     * Starts them side by side and returns when all of them are healthy; from then on they are looked after.
     *
     * @throws DoesNotStart if one of them ends instead, or takes longer than that
     */
    void start(Collection<Ward> together, Duration patience) {
        wards.addAll(together);
        onEach(together, Supervisor::startNow);
        var giveUpAt = System.nanoTime() + patience.toNanos();
        for (var ward : together) {
            while (!ward.lifeline().isHealthy()) {
                if (closing) {
                    throw new DoesNotStart(ward, "was told to stop while it started");
                }
                if (!ward.lifeline().isAlive()) {
                    throw new DoesNotStart(ward, "has ended instead of starting");
                }
                if (System.nanoTime() - giveUpAt > 0) {
                    throw new DoesNotStart(ward, "was not ready within " + patience.toSeconds() + " s");
                }
                pause();
            }
        }
    }

    /** From now on what dies by itself is started again. */
    void watch() {
        watch.start();
    }

    /** All of them, in the order in which they were started. */
    List<Ward> wards() {
        return List.copyOf(wards);
    }

    /** Those of these instances. */
    List<Ward> wards(Collection<Instance> instances) {
        return wards.stream()
                .filter(ward -> instances.contains(ward.instance()))
                .toList();
    }

    /**
     * Starts what was stopped or killed.
     *
     * @return those that are not healthy within that time
     */
    List<Ward> startAgain(Collection<Ward> some, Duration patience) {
        onEach(some, Supervisor::startNow);
        var giveUpAt = System.nanoTime() + patience.toNanos();
        var waiting = new ArrayList<>(some);
        while (true) {
            waiting.removeIf(ward -> ward.lifeline().isHealthy());
            if (waiting.isEmpty() || System.nanoTime() - giveUpAt > 0) {
                return waiting;
            }
            pause();
        }
    }

    /** Everything, in order; whatever happens meanwhile. */
    @Override
    public void close() {
        closing = true;
        watch.interrupt();
        for (var tiers : END) {
            var together = wards.stream()
                    .filter(ward -> tiers.contains(ward.instance().component().tier()))
                    .toList();
            // The broker before the database: what it has delivered must still find that.
            onEach(together.stream().filter(ward -> !isDatabase(ward)).toList(), Ward::stop);
            onEach(together.stream().filter(Supervisor::isDatabase).toList(), Ward::stop);
        }
    }

    private static boolean isDatabase(Ward ward) {
        return ward.instance().component().equals(Component.POSTGRESQL);
    }

    private void lookAfterThem() {
        while (!closing) {
            wards.forEach(Ward::look);
            pause();
        }
    }

    private static void startNow(Ward ward) {
        try {
            ward.start();
        } catch (IOException e) {
            throw new DoesNotStart(ward, "cannot be started: " + e.getMessage());
        }
    }

    /** Does it to all of them at once, and returns when it is done to all. */
    private static void onEach(Collection<Ward> some, Consumer<Ward> what) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ArrayList<Future<?>>();
            for (var ward : some) {
                done.add(threads.submit(() -> what.accept(ward)));
            }
            Optional<RuntimeException> failure = Optional.empty();
            for (var one : done) {
                try {
                    one.get();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (ExecutionException e) {
                    log.error("What was to be done to a process has failed", e.getCause());
                    failure = Optional.of(
                            e.getCause() instanceof RuntimeException cause
                                    ? cause
                                    : new IllegalStateException(e.getCause()));
                }
            }
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An instance does not start; its output says why. */
    static final class DoesNotStart extends IllegalStateException {
        private final transient Ward ward;

        DoesNotStart(Ward ward, String why) {
            super(ward.instance() + " " + why);
            this.ward = ward;
        }

        Ward ward() {
            return ward;
        }
    }
}
