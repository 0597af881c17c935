package io.myelin.contracts;

import java.util.function.Function;

/**
 * A topic between services, with the type of its records. A topic of {@link Commands} or {@link Facts} has a partition for
 * each shard, one of {@link Signals} or {@link Values} a partition for each ephemeral shard.
 *
 * @param <V> the type of its records, which are CBOR
 */
public sealed interface Topic<V> {

    String name();

    /** The type of the topic's records, or the interface that they share. */
    Class<V> type();

    /** Commands to a server, which commits its decision on each and answers. */
    record Commands<C>(String name, Class<C> type) implements Topic<C> {}

    /**
     * Facts that a server has committed, numbered without gaps in each shard.
     *
     * @param owner the contract by which readers ask for facts that they have missed
     */
    record Facts<F>(String name, Class<F> type, Contract<? extends ShardQueries<F>> owner) implements Topic<F> {}

    /** Signals to an ephemeral server. No sender waits for an answer, and a lost signal does no harm. */
    record Signals<S>(String name, Class<S> type) implements Topic<S> {}

    /**
     * Values that an ephemeral server has in memory. Each record is the whole value of a key.
     *
     * @param key the key of a value
     * @param owner the contract by which readers that have just started ask for all values
     */
    record Values<V>(String name, Class<V> type, Function<V, String> key, Contract<? extends EphemeralQueries<V>> owner)
            implements Topic<V> {}
}
