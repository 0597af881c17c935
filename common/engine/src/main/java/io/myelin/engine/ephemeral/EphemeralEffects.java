package io.myelin.engine.ephemeral;

import java.util.Map;
import java.util.Set;

/**
 * What an {@link EphemeralRuntime} wants done. The shell does it and brings the outcome back by the input that the method
 * names; what is asked for is done in order.
 *
 * @param <S> what is remembered of a key
 * @param <V> what is shown of it
 */
public interface EphemeralEffects<S, V> {

    /**
     * Look who owns what: take over those of these shards that are our own by their rows and, up to our share, those
     * that are free → {@link EphemeralRuntime#looked} or {@link EphemeralRuntime#lookFailed}, with the same {@code life}.
     */
    void look(int life, Set<Integer> wanted);

    /** Give up a shard of which nothing is under way any more → {@link EphemeralRuntime#released}, also if that failed. */
    void release(int shard, long rowEpoch);

    /** Read what was written down → {@link EphemeralRuntime#loaded} or {@link EphemeralRuntime#loadFailed}. */
    void load(int shard, long epoch);

    /** From now on the shard's inputs are wanted, those of the last minutes first → {@link EphemeralRuntime#polled}. */
    void read(int shard);

    /** → {@link EphemeralRuntime#published} or {@link EphemeralRuntime#publishFailed}. */
    void publish(int shard, Publication<V> publication);

    /**
     * Write down, if the row is still of that epoch → {@link EphemeralRuntime#kept} or {@link
     * EphemeralRuntime#keepFailed}.
     */
    void keep(int shard, long epoch, long rowEpoch, Map<String, S> states);
}
