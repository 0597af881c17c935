package io.myelin.kafka;

import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.ephemeral.EphemeralEffects;
import io.myelin.engine.ephemeral.EphemeralRuntime;
import io.myelin.engine.ephemeral.EphemeralStore;
import io.myelin.engine.ephemeral.Publication;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the effects of an {@link EphemeralRuntime}. Work that waits for the database runs on other threads; its
 * outcome comes back through the mailbox.
 */
final class EphemeralShell<I, S, V> implements EphemeralEffects<S, V>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EphemeralShell.class);

    private final EphemeralServiceSpec<I, S, V> spec;
    private final EphemeralStore<S> store;
    private final Mailbox mailbox;
    private final Executor workers;
    private final Producer<byte[], byte[]> producer;
    private final IntConsumer reader;
    private @Nullable EphemeralRuntime<I, S, V> bound;

    /** @param reader starts to read a shard's inputs */
    EphemeralShell(
            EphemeralServiceSpec<I, S, V> spec,
            EphemeralStore<S> store,
            OwnerLoop loop,
            Producer<byte[], byte[]> producer,
            IntConsumer reader) {
        this.spec = spec;
        this.store = store;
        mailbox = loop.mailbox();
        workers = loop.workers();
        this.producer = producer;
        this.reader = reader;
    }

    void bind(EphemeralRuntime<I, S, V> owner) {
        bound = owner;
    }

    private EphemeralRuntime<I, S, V> runtime() {
        EphemeralRuntime<I, S, V> runtime = bound;
        if (runtime == null) {
            throw new IllegalStateException("Not bound to a runtime");
        }
        return runtime;
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    @Override
    public void load(int shard, long epoch) {
        workers.execute(() -> {
            try {
                Map<String, S> states = store.load(shard);
                mailbox.put(() -> runtime().loaded(shard, epoch, states, now()));
            } catch (StoreUnavailable e) {
                LOG.warn("Shard {} of {} cannot be loaded now: {}", shard, spec.name(), e.getMessage());
                mailbox.put(() -> runtime().loadFailed(shard, epoch, now()));
            }
        });
    }

    @Override
    public void keep(int shard, long epoch, long rowEpoch, Map<String, S> states) {
        workers.execute(() -> {
            boolean kept = false;
            try {
                kept = store.keep(shard, rowEpoch, states);
            } catch (StoreUnavailable e) {
                LOG.warn("Shard {} of {} is written down later: {}", shard, spec.name(), e.getMessage());
            }
            boolean done = kept;
            mailbox.put(() -> {
                if (done) {
                    runtime().kept(shard, epoch, now());
                } else {
                    runtime().keepFailed(shard, epoch, now());
                }
            });
        });
    }

    @Override
    public void read(int shard) {
        reader.accept(shard);
    }

    @Override
    public void publish(int shard, Publication<V> publication) {
        String key = publication instanceof Publication.Value<V> value ? value.key() : "";
        try {
            producer.send(
                    new ProducerRecord<>(
                            spec.output(),
                            shard,
                            key.getBytes(StandardCharsets.UTF_8),
                            EphemeralWire.encode(publication, spec.encode())),
                    (metadata, failure) -> mailbox.putForNextTurn(() -> sent(shard, publication, failure)));
        } catch (KafkaException | IllegalStateException e) {
            mailbox.putForNextTurn(() -> sent(shard, publication, e));
        }
    }

    private void sent(int shard, Publication<V> publication, @Nullable Exception failure) {
        if (failure == null) {
            runtime().published(shard, publication.version(), now());
        } else {
            LOG.debug("{} was not published", publication, failure);
            runtime().publishFailed(shard, publication, now());
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
