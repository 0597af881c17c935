package io.myelin.engine.tail;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;

/** What a {@link LogTail} wants done. */
public interface TailEffects<F> {

    /** Ask the shard's owner what is committed → {@link LogTail#answered} or {@link LogTail#askFailed}. */
    void ask(int shard);

    /** Read the owner's log after a number → {@link LogTail#replayed} or {@link LogTail#replayFailed}. */
    void replay(int shard, long after);

    /** The next fact of the shard; facts come in order, each once. */
    void apply(int shard, Numbered<F> fact);

    /**
     * The tail stands at this position now, without the facts before it: whatever was folded from the shard is void.
     */
    void reset(int shard, Committed position);

    /** Everything up to this number has been applied, or is superseded. */
    void reached(int shard, long seq);

    /** What {@link LogTail#await} was called for has been applied. */
    void passed(long ticket);
}
