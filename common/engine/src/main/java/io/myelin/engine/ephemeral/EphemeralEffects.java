package io.myelin.engine.ephemeral;

import java.util.Map;

/**
 * The effects that an {@link EphemeralRuntime} asks the shell for, besides those of its ownership. The shell carries them
 * out in order and reports each outcome by the input that the method names.
 *
 * @param <S> the state of a key
 * @param <V> the value of a key, which readers are shown
 */
public interface EphemeralEffects<S, V> {

    /** Read the stored states → {@link EphemeralRuntime#loaded} or {@link EphemeralRuntime#loadFailed}. */
    void load(int shard, long epoch);

    /** Read the shard's inputs from now on, beginning with those of the last minutes → {@link EphemeralRuntime#polled}. */
    void read(int shard);

    /** → {@link EphemeralRuntime#published} or {@link EphemeralRuntime#publishFailed}. */
    void publish(int shard, Publication<V> publication);

    /**
     * Store states, if the row still has that epoch → {@link EphemeralRuntime#kept} or {@link EphemeralRuntime#keepFailed}.
     */
    void keep(int shard, long epoch, long rowEpoch, Map<String, S> states);
}
