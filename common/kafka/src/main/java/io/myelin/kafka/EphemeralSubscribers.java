package io.myelin.kafka;

import io.myelin.engine.ephemeral.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscribers of one {@link EphemeralTail}. If a subscriber throws, its copy of that shard is in doubt: the owner
 * is asked for all values again, at most once a second for each shard. If the subscriber throws at a value of that
 * answer, it misses this value alone. All subscribers receive the same calls.
 *
 * <p>All methods but {@link #add} are called on the tail's thread.
 */
final class EphemeralSubscribers<V> {

    private static final Logger LOG = LoggerFactory.getLogger(EphemeralSubscribers.class);
    private static final long NEVER = Long.MAX_VALUE;
    private static final long BETWEEN_QUESTIONS_MILLIS = 1_000;

    private final String topic;
    private final List<EphemeralSubscriber<V>> subscribers = new CopyOnWriteArrayList<>();

    /** Shards that were reset and are not settled yet. */
    private final BitSet unsettled = new BitSet();

    /** When the owner of a shard is asked again; at the earliest, when {@link #mayAskAt} says so. */
    private final long[] askAt;

    private final long[] mayAskAt;

    EphemeralSubscribers(String topic, int shards) {
        this.topic = topic;
        askAt = new long[shards];
        Arrays.fill(askAt, NEVER);
        mayAskAt = new long[shards];
    }

    void add(EphemeralSubscriber<V> subscriber) {
        subscribers.add(subscriber);
    }

    void changed(int shard, Version version, V value, long now) {
        boolean comesAgain = unsettled.get(shard);
        if (!tell(shard, subscriber -> subscriber.changed(shard, version, value)) && !comesAgain) {
            scheduleReload(shard, now);
        }
    }

    void reset(int shard, Version asOf, long now) {
        unsettled.set(shard);
        if (!tell(shard, subscriber -> subscriber.reset(shard, asOf))) {
            scheduleReload(shard, now);
        }
    }

    /**
     * Settles the shards that were reset: the values of a reset have arrived once the input that caused it has been
     * processed.
     */
    void settle(long now) {
        for (int shard = unsettled.nextSetBit(0); shard >= 0; shard = unsettled.nextSetBit(shard + 1)) {
            int settled = shard;
            if (!tell(settled, subscriber -> subscriber.settled(settled))) {
                scheduleReload(settled, now);
            }
        }
        unsettled.clear();
    }

    /** Whether no subscriber threw. */
    private boolean tell(int shard, Consumer<EphemeralSubscriber<V>> telling) {
        boolean told = true;
        for (EphemeralSubscriber<V> subscriber : subscribers) {
            try {
                telling.accept(subscriber);
            } catch (RuntimeException | Error bug) {
                LOG.error("A subscriber of {} failed at shard {}", topic, shard, bug);
                told = false;
            }
        }
        return told;
    }

    private void scheduleReload(int shard, long now) {
        askAt[shard] = Math.min(askAt[shard], Math.max(now, mayAskAt[shard]));
    }

    /** The shards whose owners are to be asked for all values now, because a subscriber failed. */
    List<Integer> failed(long now) {
        List<Integer> due = new ArrayList<>();
        for (int shard = 0; shard < askAt.length; shard++) {
            if (now >= askAt[shard]) {
                askAt[shard] = NEVER;
                mayAskAt[shard] = now + BETWEEN_QUESTIONS_MILLIS;
                due.add(shard);
            }
        }
        return due;
    }
}
