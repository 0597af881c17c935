package io.myelin.kafka;

import io.myelin.contracts.EphemeralQueries;
import io.myelin.contracts.EphemeralQueries.Version;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Follows the output topic of an ephemeral service on a thread of its own, for all subscribers in this process. */
public final class EphemeralTail<V> implements AutoCloseable {

    private final List<EphemeralSubscriber<V>> subscribers = new CopyOnWriteArrayList<>();

    @SuppressWarnings("unused")
    public EphemeralTail(EphemeralTailSpec<V> spec, EphemeralQueries<V> owner, KafkaSettings kafka, TopicWatch watch) {}

    /** To be called before {@link #start}. */
    public void subscribe(EphemeralSubscriber<V> subscriber) {
        subscribers.add(subscriber);
    }

    /** Starts to follow. It does not wait: who nobody answers for is empty until somebody does. */
    public void start() {}

    /** The newest that is known of a shard; {@link Version#NONE} before its owner has been asked. */
    public Version position(int shard) {
        return Version.NONE;
    }

    /** Whether every shard's owner has been heard once. */
    public boolean hasStarted() {
        return false;
    }

    @Override
    public void close() {}
}
