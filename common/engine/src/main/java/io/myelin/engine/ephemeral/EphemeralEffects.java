package io.myelin.engine.ephemeral;

import java.util.Map;

/**
 * What an {@link EphemeralRuntime} wants done, besides what it says of its ownership. The shell does it and brings the outcome back by the input that the method
 * names; what is asked for is done in order.
 *
 * @param <S> what is remembered of a key
 * @param <V> what is shown of it
 */
public interface EphemeralEffects<S, V> {

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
