package io.myelin.engine.shard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that has arrived and is not done. */
final class Work<C> {

    static final long AT_THE_DOOR = -1;

    final Request<C> request;
    final List<String> keys;
    final long offset;

    /** Whether kept answers have been looked up, since the last conflict. */
    boolean lookedUp;

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

    void forgetAnswers() {
        lookedUp = false;
        answered = null;
        repeated = null;
    }
}
