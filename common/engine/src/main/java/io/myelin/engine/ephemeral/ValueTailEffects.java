package io.myelin.engine.ephemeral;

/** What a {@link ValueTail} wants done. */
public interface ValueTailEffects<V> {

    /** Ask the shard's owner for its values → {@link ValueTail#answered} or {@link ValueTail#askFailed}, once. */
    void ask(int shard);

    /** A value that is newer than what came before for its key. */
    void changed(int shard, Version version, V value);

    /**
     * What was known of the shard is void.
     *
     * @param asOf what comes next is of this version, or of values that were newest then
     */
    void reset(int shard, Version asOf);
}
