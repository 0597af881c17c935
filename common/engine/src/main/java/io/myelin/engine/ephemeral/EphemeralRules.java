package io.myelin.engine.ephemeral;

import org.jspecify.annotations.Nullable;

/**
 * What a service brings to its ephemeral shards: pure functions. Times are milliseconds since the epoch. After a
 * take-over some inputs are received again, and those of different topics in another order.
 *
 * @param <I> an input
 * @param <S> what is remembered of a key; immutable
 * @param <V> what is shown of it; equal if it is the same
 */
public interface EphemeralRules<I, S, V> {

    String key(I input);

    /** The state of a key that nothing was heard of. */
    S initial(String key);

    /** @param at when it was said; not after now */
    S receive(S state, I input, long at, long now);

    /** Drops what has timed out. */
    S timePasses(S state, long now);

    /** When time changes the state next; {@link Long#MAX_VALUE} for never. */
    long dueAt(S state);

    /**
     * What is to be shown.
     *
     * @param shown what is shown so far; returned again if it will still do
     */
    V show(S state, @Nullable V shown, long now);

    /** Whether nothing would be shown that is not shown of a key that nothing was heard of. */
    boolean isBlank(S state);

    /**
     * Whether the state should soon be written down.
     *
     * @param kept what was written down last
     */
    default boolean isWorthKeeping(@Nullable S kept, S state) {
        return false;
    }
}
