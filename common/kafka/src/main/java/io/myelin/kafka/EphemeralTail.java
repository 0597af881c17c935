package io.myelin.kafka;

import io.myelin.contracts.EphemeralQueries;
import io.myelin.engine.ephemeral.Publication;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ephemeral.ValueTail;
import io.myelin.engine.ephemeral.ValueTailEffects;
import io.myelin.engine.ephemeral.ValueTailLimits;
import io.myelin.engine.ephemeral.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the output topic of an ephemeral service on a thread of its own, for all subscribers in this process; see
 * {@link ValueTail}. What a consumer that lost its place has missed, the owner is asked for.
 */
public final class EphemeralTail<V> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EphemeralTail.class);
    private static final long TICK_MILLIS = 100;
    private static final UUID NO_TOPIC = new UUID(0, 0);

    private final EphemeralTailSpec<V> spec;
    private final EphemeralQueries<V> owner;
    private final TopicWatch watch;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final Mailbox mailbox;
    private final ValueTail<V> tail;
    private final List<TopicPartition> partitions;
    private final EphemeralSubscribers<V> subscribers;
    private final AtomicReferenceArray<Version> positions;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread;
    private volatile boolean hasStarted;
    private volatile boolean closed;
    private UUID topic = NO_TOPIC;

    public EphemeralTail(EphemeralTailSpec<V> spec, EphemeralQueries<V> owner, KafkaSettings kafka, TopicWatch watch) {
        this.spec = spec;
        this.owner = owner;
        this.watch = watch;
        consumer = kafka.consumer("myelin-tail-" + spec.topic());
        mailbox = new Mailbox(consumer);
        subscribers = new EphemeralSubscribers<>(spec.topic(), spec.shards());
        tail = new ValueTail<>(spec.shards(), spec.key(), new FollowingEffects(), ValueTailLimits.DEFAULT);
        positions = new AtomicReferenceArray<>(spec.shards());
        partitions = IntStream.range(0, spec.shards())
                .mapToObj(shard -> new TopicPartition(spec.topic(), shard))
                .toList();
        thread = Thread.ofPlatform().daemon().name("tail-" + spec.topic()).unstarted(this::run);
    }

    /** To be called before {@link #start}. */
    public void subscribe(EphemeralSubscriber<V> subscriber) {
        subscribers.add(subscriber);
    }

    /** Starts to follow. It does not wait: a shard whose owner nobody has heard is empty until somebody does. */
    public void start() {
        thread.start();
    }

    /** The newest that subscribers were told of a shard; {@link Version#NONE} before that. */
    public Version position(int shard) {
        Version position = positions.get(shard);
        return position == null ? Version.NONE : position;
    }

    /** Whether every shard's owner has been heard once. */
    public boolean hasStarted() {
        return hasStarted;
    }

    private void run() {
        consumer.assign(partitions);
        long tickAt = 0;
        while (!closed) {
            try {
                mailbox.empty();
                subscribers.settle(now());
                askAgain();
                positionIfNew();
                read(mailbox.poll(Duration.ofMillis(TICK_MILLIS)));
                if (now() >= tickAt) {
                    tickAt = now() + TICK_MILLIS;
                    tail.tick(now());
                    subscribers.settle(now());
                    hasStarted = tail.hasStarted();
                }
            } catch (OffsetOutOfRangeException e) {
                LOG.warn("The tail of {} lost its place, and goes on at the end: {}", spec.topic(), e.getMessage());
                topic = NO_TOPIC;
            } catch (KafkaException | BrokerUnavailable e) {
                LOG.warn("{} cannot be read now: {}", spec.topic(), e.toString());
                LockSupport.parkNanos(Duration.ofMillis(TICK_MILLIS).toNanos());
                tail.tick(now());
            } catch (RuntimeException | Error bug) {
                LOG.error("The tail of {} goes on after a failure", spec.topic(), bug);
                LockSupport.parkNanos(Duration.ofMillis(TICK_MILLIS).toNanos());
            }
        }
        KafkaSettings.close(consumer);
    }

    /** A subscriber that failed is told everything of the shard once more, and so are the others. */
    private void askAgain() {
        subscribers.failed(now()).forEach(shard -> tail.placeLost(shard, now()));
    }

    /** The ends are resolved before the owner is asked: what is published after its answer is to be read. */
    private void positionIfNew() {
        UUID current = watch.id(spec.topic());
        if (!current.equals(topic)) {
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            topic = current;
            partitions.forEach(partition -> tail.start(partition.partition(), now()));
        }
    }

    private void read(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            List<Publication<V>> decoded = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                try {
                    EphemeralWire.decode(record.value(), spec.decode(), spec.key())
                            .ifPresent(decoded::add);
                } catch (RuntimeException e) {
                    LOG.warn("Offset {} of {} is passed over: {}", record.offset(), partition, e.toString());
                }
            }
            tail.polled(partition.partition(), decoded, now());
        }
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    @Override
    public void close() {
        closed = true;
        mailbox.wake();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
    }

    /** Does what the {@link ValueTail} wants done. */
    private final class FollowingEffects implements ValueTailEffects<V> {

        @Override
        public void ask(int shard) {
            workers.execute(() -> {
                try {
                    ShardValues<V> values = owner.values(shard);
                    mailbox.put(() -> tail.answered(shard, values, now()));
                } catch (RuntimeException e) {
                    LOG.debug("The owner of {} did not answer", spec.topic(), e);
                    mailbox.put(() -> tail.askFailed(shard, now()));
                }
            });
        }

        @Override
        public void changed(int shard, Version version, V value) {
            subscribers.changed(shard, version, value, now());
            advance(shard, version);
        }

        @Override
        public void reset(int shard, Version asOf) {
            subscribers.reset(shard, asOf, now());
            advance(shard, asOf);
        }

        private void advance(int shard, Version told) {
            positions.updateAndGet(shard, before -> before != null && before.isAfter(told) ? before : told);
        }
    }
}
