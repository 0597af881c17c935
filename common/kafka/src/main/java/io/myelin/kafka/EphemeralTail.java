package io.myelin.kafka;

import io.myelin.contracts.EphemeralQueries;
import io.myelin.engine.ephemeral.Publication;
import io.myelin.engine.ephemeral.ValueTail;
import io.myelin.engine.ephemeral.ValueTailEffects;
import io.myelin.engine.ephemeral.ValueTailLimits;
import io.myelin.engine.ephemeral.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the output topic of an ephemeral service on a thread of its own, for all subscribers in this process; see
 * {@link ValueTail}. When its consumer loses its position, the tail asks the owner for the values that it missed.
 */
public final class EphemeralTail<V> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EphemeralTail.class);
    private static final long TICK_MILLIS = 100;

    private final EphemeralTailSpec<V> spec;
    private final EphemeralQueries<V> owner;
    private final TopicFollower follower;
    private final ValueTail<V> tail;
    private final EphemeralSubscribers<V> subscribers;
    private final AtomicReferenceArray<Version> positions;
    private volatile boolean hasStarted;

    public EphemeralTail(EphemeralTailSpec<V> spec, EphemeralQueries<V> owner, KafkaSettings kafka, TopicWatch watch) {
        this.spec = spec;
        this.owner = owner;
        subscribers = new EphemeralSubscribers<>(spec.topic(), spec.shards());
        tail = new ValueTail<>(spec.shards(), spec.key(), new FollowingEffects(), ValueTailLimits.DEFAULT);
        positions = new AtomicReferenceArray<>(spec.shards());
        follower = new TopicFollower(spec.topic(), spec.shards(), kafka, watch, TICK_MILLIS, new Reading());
    }

    /** To be called before {@link #start}. */
    public void subscribe(EphemeralSubscriber<V> subscriber) {
        subscribers.add(subscriber);
    }

    /** Starts to follow, without waiting: a shard is empty until its owner has been heard. */
    public void start() {
        follower.start();
    }

    /** The newest version of a shard that subscribers have received; {@link Version#NONE} before the first. */
    public Version position(int shard) {
        Version position = positions.get(shard);
        return position == null ? Version.NONE : position;
    }

    /** Whether every shard's owner has been heard once. */
    public boolean hasStarted() {
        return hasStarted;
    }

    /** Fetches all values of a shard again after a subscriber failed; every subscriber receives them. */
    private void askAgain() {
        subscribers.failed(now()).forEach(shard -> tail.placeLost(shard, now()));
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    @Override
    public void close() {
        follower.close();
    }

    /** Passes what the follower reads to the tail. */
    private final class Reading implements TopicFollower.Reader {

        @Override
        public void turn(long now) {
            subscribers.settle(now);
            askAgain();
        }

        @Override
        public Duration patience() {
            return Duration.ofMillis(TICK_MILLIS);
        }

        /** Asks the owner only after the end offset is resolved, so that values published after its answer are read. */
        @Override
        public void positioned(int shard, boolean first, long now) {
            tail.start(shard, now);
        }

        @Override
        public void read(int shard, List<ConsumerRecord<byte[], byte[]>> records, long now) {
            List<Publication<V>> decoded = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                try {
                    EphemeralWire.decode(record.value(), spec.decode(), spec.key())
                            .ifPresent(decoded::add);
                } catch (RuntimeException e) {
                    LOG.warn(
                            "Offset {} of shard {} of {} is passed over: {}",
                            record.offset(),
                            shard,
                            spec.topic(),
                            e.toString());
                }
            }
            tail.polled(shard, decoded, now);
        }

        @Override
        public void tick(long now) {
            tail.tick(now);
            subscribers.settle(now);
            hasStarted = tail.hasStarted();
        }
    }

    /** Carries out the effects of the {@link ValueTail}. */
    private final class FollowingEffects implements ValueTailEffects<V> {

        @Override
        public void ask(int shard) {
            follower.ask(
                    () -> owner.values(shard),
                    values -> tail.answered(shard, values, now()),
                    () -> tail.askFailed(shard, now()));
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
