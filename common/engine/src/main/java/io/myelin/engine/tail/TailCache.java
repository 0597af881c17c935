package io.myelin.engine.tail;

import io.myelin.engine.Numbered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Values of one shard that are loaded from its owner when they are first wanted, and then kept up to date by the tail's
 * facts.
 *
 * <p>While a value is loaded, its facts are kept, beginning before the question is sent. The answer is as of some number:
 * kept facts up to that number are dropped, and the others are applied. The value is available once the tail has reached
 * that number, so it always agrees with the tail's position. If the kept facts weigh too much, they are dropped, the answer
 * is useless, and the value has to be asked for again.
 *
 * @param <V> immutable
 */
public final class TailCache<K, V, F> {

    /** How a fact changes a value. */
    @FunctionalInterface
    public interface Fold<V, F> {
        V apply(V value, Numbered<F> fact);
    }

    private static final class Entry<V, F> {
        final List<Numbered<F>> kept = new ArrayList<>();
        long keptWeight;

        /** Facts beyond this number have been kept. */
        final long since;

        @Nullable
        V value;

        long asOf;

        Entry(long since) {
            this.since = since;
        }
    }

    private final Fold<V, F> fold;
    private final ToLongFunction<Numbered<F>> weigher;
    private final long mostKept;
    private final Map<K, Entry<V, F>> entries = new HashMap<>();
    private long reached;
    private long applied;

    /** Keeps all facts that come while a value is loaded. */
    public TailCache(Fold<V, F> fold) {
        this(fold, _ -> 0, 0);
    }

    /**
     * @param weigher what a fact weighs
     * @param mostKept the most that the facts kept for one value may weigh
     */
    public TailCache(Fold<V, F> fold, ToLongFunction<Numbered<F>> weigher, long mostKept) {
        this.fold = fold;
        this.weigher = weigher;
        this.mostKept = mostKept;
    }

    /** The value as of the tail's position, if it is here. */
    public Optional<V> get(K key) {
        Entry<V, F> entry = entries.get(key);
        return entry == null || entry.value == null || entry.asOf > reached
                ? Optional.empty()
                : Optional.of(entry.value);
    }

    /**
     * Begins to keep a value's facts. To be called before its owner is asked for it.
     *
     * @return whether the owner has to be asked: false if that has begun already, or the value is here
     */
    public boolean expect(K key) {
        if (entries.containsKey(key)) {
            return false;
        }
        entries.put(key, new Entry<>(Math.max(reached, applied)));
        return true;
    }

    /**
     * The owner's answer, as of a number of the incarnation that the tail is in. An answer to an earlier question, from
     * before facts began to be kept for this one, is dropped: the answer to this one is still to come.
     */
    public void loaded(K key, V value, long asOf) {
        Entry<V, F> entry = entries.get(key);
        if (entry == null || entry.value != null || asOf < entry.since) {
            return;
        }
        V current = value;
        for (Numbered<F> fact : entry.kept) {
            if (fact.seq() > asOf) {
                current = fold.apply(current, fact);
            }
        }
        entry.kept.clear();
        entry.value = current;
        entry.asOf = asOf;
    }

    /** Applies a fact to the value it is about; a value that is neither here nor expected does not change. */
    public void apply(K key, Numbered<F> fact) {
        applied = Math.max(applied, fact.seq());
        Entry<V, F> entry = entries.get(key);
        if (entry == null) {
            return;
        }
        if (entry.value == null) {
            entry.keptWeight += weigher.applyAsLong(fact);
            if (entry.keptWeight > mostKept) {
                entries.remove(key);
            } else {
                entry.kept.add(fact);
            }
        } else if (fact.seq() > entry.asOf) {
            entry.value = fold.apply(entry.value, fact);
        }
    }

    /** The tail's position. */
    public void reached(long seq) {
        reached = seq;
    }

    /** Forgets a value, or that it was expected. */
    public void forget(K key) {
        entries.remove(key);
    }

    /** Forgets everything, since the tail has moved to another position. */
    public void reset(long seq) {
        entries.clear();
        reached = seq;
        applied = seq;
    }

    /** The keys of the values that are here or expected. */
    public Set<K> keys() {
        return Set.copyOf(entries.keySet());
    }

    public int size() {
        return entries.size();
    }
}
