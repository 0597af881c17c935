package io.myelin.kafka;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.kafka.trace.Span;
import io.myelin.kafka.trace.TraceParent;
import io.myelin.kafka.trace.Traces;
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
 * The subscribers of one {@link Tail}. A subscriber that throws may have applied a record in part, so its cache of that
 * shard is reset to the tail's position after that record. It does not receive the record again, and loads what it
 * needs from the owner's tables. The other subscribers notice nothing.
 *
 * <p>A subscriber whose reset throws too is broken: it is reset again at each turn of the tail, and until that succeeds
 * no barrier of the shard passes. All methods but {@link #add} are called on the tail's thread.
 */
final class TailSubscribers<F> {

    private static final Logger LOG = LoggerFactory.getLogger(TailSubscribers.class);

    private record Subscription<F>(TailSubscriber<F> subscriber, BitSet broken) {}

    private final String topic;
    private final List<Subscription<F>> subscriptions = new CopyOnWriteArrayList<>();

    /** How many subscriptions are broken, summed over all shards. */
    private int broken;

    /** Work that waits until no subscriber of its shard is broken. */
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

    /** The same for a fact of a trace: what each subscriber does is a span. */
    void apply(int shard, Numbered<F> fact, Committed position, Traces traces, TraceParent parent) {
        tell(shard, position, subscriber -> {
            Span span = traces.begin(Span.Kind.CONSUMER, "process " + topic, parent)
                    .with("messaging.system", "kafka")
                    .with("messaging.destination.name", topic)
                    .with("myelin.subscriber", subscriber.getClass().getName())
                    .with("myelin.shard", shard)
                    .with("myelin.seq", fact.seq());
            try (Span.Scope _ = span.enter()) {
                subscriber.apply(shard, fact);
            } catch (RuntimeException | Error bug) {
                span.failed(bug.toString());
                throw bug;
            } finally {
                span.end();
            }
        });
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

    /** Whether no subscriber is broken in the shard. */
    boolean isConsistent(int shard) {
        return broken == 0
                || subscriptions.stream()
                        .noneMatch(subscription -> subscription.broken().get(shard));
    }

    /** Runs work as soon as no subscriber is broken in the shard: now, or after a reset has succeeded. */
    void whenConsistent(int shard, Runnable work) {
        if (isConsistent(shard)) {
            work.run();
        } else {
            heldBack.computeIfAbsent(shard, _ -> new ArrayList<>()).add(work);
        }
    }

    /**
     * Resets the subscribers that are broken in this shard once more.
     *
     * @return whether some were broken, and now none is
     */
    boolean repair(int shard, Committed position) {
        if (isConsistent(shard)) {
            return false;
        }
        for (Subscription<F> subscription : subscriptions) {
            if (subscription.broken().get(shard)) {
                reset(subscription, shard, position);
            }
        }
        letPass(shard);
        return isConsistent(shard);
    }

    private void letPass(int shard) {
        if (isConsistent(shard)) {
            List<Runnable> waiting = heldBack.remove(shard);
            if (waiting != null) {
                waiting.forEach(Runnable::run);
            }
        }
    }
}
