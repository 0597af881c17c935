package io.myelin.kafka;

import io.myelin.engine.ephemeral.EphemeralRuntime;
import io.myelin.engine.ephemeral.EphemeralStore;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ownership.Ownership;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the loop of an {@link EphemeralService} does in a turn: poll, process, publish, poll. */
final class EphemeralLoop<I, S, V> implements OwnerLoop.Engine {

    private static final Logger LOG = LoggerFactory.getLogger(EphemeralLoop.class);
    private static final long PATIENCE_MILLIS = 2_000;

    private final EphemeralServiceSpec<I, S, V> spec;
    private final BooleanSupplier leaseHolds;
    private final OwnerLoop loop;
    private final Mailbox mailbox;
    private final RecentInput<I> input;
    private final EphemeralShell<I, S, V> shell;
    private final EphemeralRuntime<I, S, V> runtime;

    EphemeralLoop(
            EphemeralServiceSpec<I, S, V> spec,
            EphemeralStore<S> store,
            BooleanSupplier leaseHolds,
            KafkaSettings kafka,
            TopicWatch watch) {
        this.spec = spec;
        this.leaseHolds = leaseHolds;
        Consumer<byte[], byte[]> consumer = kafka.consumer("myelin-" + spec.name());
        loop = new OwnerLoop(spec.name(), consumer, store.claims());
        mailbox = loop.mailbox();
        input = new RecentInput<>(spec.name(), spec.inputs(), consumer, mailbox, watch);
        shell = new EphemeralShell<>(spec, store, loop, kafka.ephemeralProducer("myelin-" + spec.name()), input::read);
        runtime = new EphemeralRuntime<>(spec.shards(), spec.rules(), loop.claiming(), shell, spec.limits());
        shell.bind(runtime);
        loop.bind(this);
    }

    OwnerLoop loop() {
        return loop;
    }

    @Override
    public Ownership ownership() {
        return runtime.ownership();
    }

    @Override
    public void poll(Duration wait) {
        input.retain(ownership().owned());
        if (input.poll(wait, (shard, inputs) -> runtime.polled(shard, inputs, now()))) {
            mailbox.rest(spec.gathering());
        }
    }

    @Override
    public void tick(long now) {
        runtime.tick(now);
    }

    @Override
    public void close() {
        shell.close();
    }

    // --- questions

    Optional<ShardValues<V>> values(int shard) {
        return ask(() -> runtime.values(shard));
    }

    Optional<ShardValues<V>> values(int shard, String key) {
        return ask(() -> runtime.values(shard, key));
    }

    private Optional<ShardValues<V>> ask(Supplier<Optional<ShardValues<V>>> question) {
        if (!loop.isAlive()) {
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

    private static long now() {
        return System.currentTimeMillis();
    }
}
