package io.myelin.engine.ephemeral;

/** The effects that a {@link ValueTail} asks the shell for. */
public interface ValueTailEffects<V> {

    /** Ask the shard's owner for its values → {@link ValueTail#answered} or {@link ValueTail#askFailed}, once. */
    void ask(int shard);

    /** A value that is newer than the one before for its key. */
    void changed(int shard, Version version, V value);

    /**
     * The values known of the shard are void.
     *
     * @param asOf the values that follow by {@link #changed} are those of this version, and newer ones
     */
    void reset(int shard, Version asOf);
}
