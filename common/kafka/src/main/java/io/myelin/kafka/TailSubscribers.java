package io.myelin.kafka;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscribers of one {@link Tail}. A subscriber that throws has an unknown part of what it was told, so its cache of
 * that shard is reset to the tail's position, past the record at which it threw: what it wants again it loads from the
 * owner's tables, and that record is not told to it twice. The other subscribers notice nothing.
 *
 * <p>A subscriber whose reset throws too is broken: it is reset again at each turn of the tail, and until that succeeds no
 * barrier of the shard passes. All methods but {@link #add} are called on the tail's thread.
 */
final class TailSubscribers<F> {

    private static final Logger LOG = LoggerFactory.getLogger(TailSubscribers.class);

    private record Subscription<F>(TailSubscriber<F> subscriber, BitSet broken) {}

    private final String topic;
    private final List<Subscription<F>> subscriptions = new CopyOnWriteArrayList<>();

    /** How many subscribers are broken, counted for each shard. */
    private int broken;

    /** What waits until a shard's subscribers are all right again. */
    private final Map<Integer, List<Runnable>> heldBack = new HashMap<>();

    TailSubscribers(String topic) {
        this.topic = topic;
    }

    void add(TailSubscriber<F> subscriber) {
        subscriptions.add(new Subscription<>(subscriber, new BitSet()));
    }

    /** @param position of the tail, with this fact */
    void apply(int shard, Numbered<F> fact, Committed position) {
        tell(shard, position, subscriber -> subscriber.apply(shard, fact));
    }

    void reset(int shard, Committed position) {
        for (Subscription<F> subscription : subscriptions) {
            reset(subscription, shard, position);
        }
        letPass(shard);
    }

    void reached(int shard, Committed position) {
        tell(shard, position, subscriber -> subscriber.reached(shard, position.seq()));
    }

    private void tell(int shard, Committed position, Consumer<TailSubscriber<F>> telling) {
        for (Subscription<F> subscription : subscriptions) {
            if (subscription.broken().get(shard)) {
                continue;
            }
            try {
                telling.accept(subscription.subscriber());
            } catch (RuntimeException | Error bug) {
                LOG.error("A subscriber of {} failed at {} of shard {}: it begins anew", topic, position, shard, bug);
                reset(subscription, shard, position);
            }
        }
    }

    private void reset(Subscription<F> subscription, int shard, Committed position) {
        try {
            subscription.subscriber().reset(shard, position);
            if (subscription.broken().get(shard)) {
                subscription.broken().clear(shard);
                broken--;
            }
        } catch (RuntimeException | Error bug) {
            LOG.error("A subscriber of {} cannot begin shard {} anew: barriers wait", topic, shard, bug);
            if (!subscription.broken().get(shard)) {
                subscription.broken().set(shard);
                broken++;
            }
        }
    }

    /** Whether every subscriber's cache of the shard is what the tail says. */
    boolean areRight(int shard) {
        return broken == 0
                || subscriptions.stream()
                        .noneMatch(subscription -> subscription.broken().get(shard));
    }

    /** Runs something as soon as every subscriber's cache of the shard is right: now, or after a reset has succeeded. */
    void whenRight(int shard, Runnable work) {
        if (areRight(shard)) {
            work.run();
        } else {
            heldBack.computeIfAbsent(shard, _ -> new ArrayList<>()).add(work);
        }
    }

    /**
     * Resets those that are broken in this shard once more.
     *
     * @return whether any was, and none is any more
     */
    boolean repair(int shard, Committed position) {
        if (areRight(shard)) {
            return false;
        }
        for (Subscription<F> subscription : subscriptions) {
            if (subscription.broken().get(shard)) {
                reset(subscription, shard, position);
            }
        }
        letPass(shard);
        return areRight(shard);
    }

    private void letPass(int shard) {
        if (areRight(shard)) {
            List<Runnable> waiting = heldBack.remove(shard);
            if (waiting != null) {
                waiting.forEach(Runnable::run);
            }
        }
    }
}
