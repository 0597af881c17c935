package io.myelin.engine.shard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that has arrived and is not done. */
final class Work<C> {

    static final long AT_THE_DOOR = -1;
    static final long NEVER = -1;

    final Request<C> request;
    final long offset;

    /** The entities that it needs, as far as is known. */
    List<String> keys;

    /** How many transactions the shard had committed when kept answers were looked up; they may be kept since. */
    long lookedUpAt = NEVER;

    /** Whether it was part of a transaction that met a kept answer. */
    boolean conflicted;

    /** The kept answer to this very command. */
    byte @Nullable [] answered;

    /** The kept answer to the client's transaction under another command. */
    byte @Nullable [] repeated;

    /** Why this command is given up instead of decided. */
    @Nullable
    String hopeless;

    /** Not even its failure could be kept. */
    boolean unspeakable;

    Work(Request<C> request, List<String> keys, long offset) {
        this.request = request;
        this.keys = keys;
        this.offset = offset;
    }

    void conflicted() {
        conflicted = true;
        lookedUpAt = NEVER;
        answered = null;
        repeated = null;
    }
}
