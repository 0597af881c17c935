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

/** Starts instances, restarts those that die, and stops them in an order in which none is still needed. */
final class Supervisor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
    private static final long LOOK_EVERY_MILLIS = 100;
    /** The order of stopping. The gateway stops together with the components that answer its requests. */
    private static final List<List<Tier>> END =
            List.of(List.of(Tier.GATEWAY, Tier.EDGES), List.of(Tier.SERVERS), List.of(Tier.ENGINES));

    private final List<SupervisedInstance> supervisedInstances = new CopyOnWriteArrayList<>();
    private final Thread watch = Thread.ofPlatform().daemon().name("watch").unstarted(this::lookAfterThem);
    private volatile boolean closing;

    /**
     * Starts the instances in parallel and returns when all of them are healthy. From then on they are watched.
     *
     * @throws DoesNotStart if one of them ends, or is not healthy within {@code patience}
     */
    void start(Collection<SupervisedInstance> together, Duration patience) {
        supervisedInstances.addAll(together);
        onEach(together, Supervisor::startNow);
        var giveUpAt = System.nanoTime() + patience.toNanos();
        for (var supervisedInstance : together) {
            while (!supervisedInstance.processControl().isHealthy()) {
                if (closing) {
                    throw new DoesNotStart(supervisedInstance, "was told to stop while it started");
                }
                if (!supervisedInstance.processControl().isAlive()) {
                    throw new DoesNotStart(supervisedInstance, "has ended instead of starting");
                }
                if (System.nanoTime() - giveUpAt > 0) {
                    throw new DoesNotStart(supervisedInstance, "was not ready within " + patience.toSeconds() + " s");
                }
                pause();
            }
        }
    }

    /** From now on instances that die by themselves are restarted. */
    void watch() {
        watch.start();
    }

    /** All wards, in the order in which they were started. */
    List<SupervisedInstance> supervisedInstances() {
        return List.copyOf(supervisedInstances);
    }

    /** The wards of these instances. */
    List<SupervisedInstance> supervisedInstances(Collection<Instance> instances) {
        return supervisedInstances.stream()
                .filter(supervisedInstance -> instances.contains(supervisedInstance.instance()))
                .toList();
    }

    /**
     * Starts instances that were stopped or killed.
     *
     * @return those that are not healthy within {@code patience}
     */
    List<SupervisedInstance> startAgain(Collection<SupervisedInstance> some, Duration patience) {
        onEach(some, Supervisor::startNow);
        var giveUpAt = System.nanoTime() + patience.toNanos();
        var waiting = new ArrayList<>(some);
        while (true) {
            waiting.removeIf(
                    supervisedInstance -> supervisedInstance.processControl().isHealthy());
            if (waiting.isEmpty() || System.nanoTime() - giveUpAt > 0) {
                return waiting;
            }
            pause();
        }
    }

    /** Stops everything, in order, even if some of it fails to stop. */
    @Override
    public void close() {
        closing = true;
        watch.interrupt();
        for (var tiers : END) {
            var together = supervisedInstances.stream()
                    .filter(supervisedInstance -> tiers.contains(
                            supervisedInstance.instance().component().tier()))
                    .toList();
            // The broker stops before the database, because its consumers need the database for delivered records.
            onEach(
                    together.stream()
                            .filter(supervisedInstance -> !isDatabase(supervisedInstance))
                            .toList(),
                    SupervisedInstance::stop);
            onEach(together.stream().filter(Supervisor::isDatabase).toList(), SupervisedInstance::stop);
        }
    }

    private static boolean isDatabase(SupervisedInstance supervisedInstance) {
        return supervisedInstance.instance().component().equals(Component.POSTGRESQL);
    }

    private void lookAfterThem() {
        while (!closing) {
            supervisedInstances.forEach(SupervisedInstance::look);
            pause();
        }
    }

    private static void startNow(SupervisedInstance supervisedInstance) {
        try {
            supervisedInstance.start();
        } catch (IOException e) {
            throw new DoesNotStart(supervisedInstance, "cannot be started: " + e.getMessage());
        }
    }

    /** Runs the action on all of them in parallel, and returns when it is done. */
    private static void onEach(Collection<SupervisedInstance> some, Consumer<SupervisedInstance> what) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ArrayList<Future<?>>();
            for (var supervisedInstance : some) {
                done.add(threads.submit(() -> what.accept(supervisedInstance)));
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

    /** An instance did not start; its output contains the reason. */
    static final class DoesNotStart extends IllegalStateException {
        private final transient SupervisedInstance supervisedInstance;

        DoesNotStart(SupervisedInstance supervisedInstance, String why) {
            super(supervisedInstance.instance() + " " + why);
            this.supervisedInstance = supervisedInstance;
        }

        SupervisedInstance supervisedInstance() {
            return supervisedInstance;
        }
    }
}
