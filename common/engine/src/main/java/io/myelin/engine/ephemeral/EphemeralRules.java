package io.myelin.engine.ephemeral;

import org.jspecify.annotations.Nullable;

/**
 * The rules that a service brings to its ephemeral shards, as pure functions. Times are milliseconds since the epoch. After
 * a take-over some inputs are received again, and those of different topics in another order.
 *
 * @param <I> an input
 * @param <S> the state of a key; immutable
 * @param <V> the value of a key, which readers are shown; compared by {@code equals}
 */
public interface EphemeralRules<I, S, V> {

    String key(I input);

    /** The state of a key without inputs. */
    S initial(String key);

    /** @param at when the input was sent; not after now */
    S receive(S state, I input, long at, long now);

    /** The state without the parts that have timed out. */
    S timePasses(S state, long now);

    /** When time changes the state next; {@link Long#MAX_VALUE} for never. */
    long dueAt(S state);

    /**
     * The value to show.
     *
     * @param shown the value shown so far; returned again if it is still good enough
     */
    V show(S state, @Nullable V shown, long now);

    /** Whether the state would be shown in the same way as that of a key without inputs. */
    boolean isBlank(S state);

    /**
     * Whether the state should soon be stored.
     *
     * @param kept the state that was stored last
     */
    default boolean isWorthKeeping(@Nullable S kept, S state) {
        return false;
    }
}
