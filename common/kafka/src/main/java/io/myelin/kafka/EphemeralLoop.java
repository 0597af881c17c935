package io.myelin.kafka;

import io.myelin.engine.ephemeral.EphemeralRuntime;
import io.myelin.engine.ephemeral.EphemeralStore;
import io.myelin.engine.ephemeral.ShardValues;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of an {@link EphemeralService}: poll, take in, publish, poll. */
final class EphemeralLoop<I, S, V> {

    private static final Logger LOG = LoggerFactory.getLogger(EphemeralLoop.class);
    private static final long TICK_MILLIS = 50;
    private static final long PATIENCE_MILLIS = 2_000;

    private final EphemeralServiceSpec<I, S, V> spec;
    private final BooleanSupplier leaseHolds;
    private final Consumer<byte[], byte[]> consumer;
    private final Mailbox mailbox;
    private final RecentInput<I> input;
    private final EphemeralShell<I, S, V> shell;
    private final EphemeralRuntime<I, S, V> runtime;
    private final Thread thread;
    private volatile boolean turned = true;
    private volatile boolean stopped;
    private volatile Set<Integer> owned = Set.of();
    private volatile boolean allOwned;

    EphemeralLoop(
            EphemeralServiceSpec<I, S, V> spec,
            EphemeralStore<S> store,
            BooleanSupplier leaseHolds,
            KafkaSettings kafka,
            TopicWatch watch) {
        this.spec = spec;
        this.leaseHolds = leaseHolds;
        consumer = kafka.consumer("myelin-" + spec.name());
        mailbox = new Mailbox(consumer);
        input = new RecentInput<>(spec.name(), spec.inputs(), consumer, mailbox, watch);
        shell = new EphemeralShell<>(
                spec, store, mailbox, kafka.ephemeralProducer("myelin-" + spec.name()), input::read);
        runtime = new EphemeralRuntime<>(spec.shards(), spec.rules(), shell, spec.limits());
        shell.bind(runtime);
        thread = Thread.ofPlatform().daemon().name(spec.name() + "-loop").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean hasTurned() {
        boolean hasTurned = turned;
        turned = false;
        mailbox.wake();
        return hasTurned;
    }

    Set<Integer> owned() {
        return owned;
    }

    boolean allOwned() {
        return allOwned;
    }

    void moved() {
        mailbox.put(() -> runtime.moved(now()));
    }

    /** Returns when the loop has let go of everything: a new lease must not vouch for what the old one lost. */
    void lostEverything() {
        CountDownLatch letGo = new CountDownLatch(1);
        mailbox.put(() -> {
            runtime.lostEverything();
            owned = Set.of();
            letGo.countDown();
        });
        try {
            while (thread.isAlive() && !letGo.await(100, TimeUnit.MILLISECONDS)) {
                LOG.warn("{} waits for its loop to let go of its shards", spec.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Optional<ShardValues<V>> values(int shard) {
        return ask(() -> runtime.values(shard));
    }

    Optional<ShardValues<V>> values(int shard, String key) {
        return ask(() -> runtime.values(shard, key));
    }

    private Optional<ShardValues<V>> ask(Supplier<Optional<ShardValues<V>>> question) {
        if (!thread.isAlive()) {
            return Optional.empty();
        }
        CompletableFuture<Optional<ShardValues<V>>> answer = new CompletableFuture<>();
        mailbox.put(() -> answer.complete(leaseHolds.getAsBoolean() ? question.get() : Optional.empty()));
        try {
            return answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("The loop of {} did not answer", spec.name(), e);
            return Optional.empty();
        }
    }

    void stop(Duration patience) {
        if (!thread.isAlive()) {
            return;
        }
        shell.leave();
        mailbox.put(() -> runtime.leave(now()));
        try {
            thread.join(patience);
            stopped = true;
            mailbox.wake();
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long tickAt = 0;
        while (!stopped && !runtime.hasLeft()) {
            turned = true;
            try {
                mailbox.empty();
                input.retain(runtime.owned());
                poll(Duration.ofMillis(Math.clamp(tickAt - now(), 0, TICK_MILLIS)));
                mailbox.empty();
                if (now() >= tickAt) {
                    tickAt = now() + TICK_MILLIS;
                    runtime.tick(now());
                    owned = Set.copyOf(runtime.owned());
                    allOwned = runtime.allOwned();
                }
            } catch (RuntimeException bug) {
                LOG.error("The loop of {} goes on after a failure", spec.name(), bug);
            }
        }
        owned = Set.of();
        shell.finish();
        KafkaSettings.close(consumer);
    }

    private void poll(Duration wait) {
        try {
            if (input.poll(wait, (shard, inputs) -> runtime.polled(shard, inputs, now()))) {
                mailbox.rest(spec.gathering());
            }
        } catch (KafkaException | BrokerUnavailable e) {
            LOG.warn("{} cannot read now: {}", spec.name(), e.toString());
            LockSupport.parkNanos(wait.toNanos());
        }
    }

    private static long now() {
        return System.currentTimeMillis();
    }
}
