package io.myelin.engine.tail;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;

/** The effects that a {@link LogTail} asks the shell for. */
public interface TailEffects<F> {

    /** Ask the shard's owner what is committed → {@link LogTail#answered} or {@link LogTail#askFailed}. */
    void ask(int shard);

    /** Read the owner's log after a number → {@link LogTail#replayed} or {@link LogTail#replayFailed}. */
    void replay(int shard, long after);

    /** The next fact of the shard; facts come in order, each once. */
    void apply(int shard, Numbered<F> fact);

    /**
     * The tail is at this position now, without having applied the facts before it. Values made from the shard's facts are
     * void.
     */
    void reset(int shard, Committed position);

    /** Everything up to this number has been applied, or is superseded. */
    void reached(int shard, long seq);

    /** The tail has applied what the caller with this ticket waits for, see {@link LogTail#await}. */
    void passed(long ticket);
}
