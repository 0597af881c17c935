package io.myelin.contracts;

import java.util.function.Function;

/**
 * A topic between services: what travels in it, and how it is divided. A topic of {@link Commands} or {@link Facts} has a
 * partition for each shard, one of {@link Signals} or {@link Values} a partition for each ephemeral shard.
 *
 * @param <V> what travels in it, in CBOR
 */
public sealed interface Topic<V> {

    String name();

    /** What is read from the topic: a record, or the interface of several. */
    Class<V> type();

    /** What somebody wants of a server. The server commits its decision and answers. */
    record Commands<C>(String name, Class<C> type) implements Topic<C> {}

    /**
     * What a server has committed, numbered without gaps in each shard.
     *
     * @param owner answers readers who have missed something
     */
    record Facts<F>(String name, Class<F> type, Contract<? extends ShardQueries<F>> owner) implements Topic<F> {}

    /** What an ephemeral server is told. Nobody waits for an answer, and a lost signal does no harm. */
    record Signals<S>(String name, Class<S> type) implements Topic<S> {}

    /**
     * What an ephemeral server has in memory: each record is the whole value of a key.
     *
     * @param key of a value
     * @param owner answers readers who have just started
     */
    record Values<V>(String name, Class<V> type, Function<V, String> key, Contract<? extends EphemeralQueries<V>> owner)
            implements Topic<V> {}
}
