package io.myelin.kafka;

import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;

/** Follows a {@link Tail}. All methods are called on the tail's thread, in order, and do no I/O. */
public interface TailSubscriber<F> {

    /** The shard's next fact. */
    void apply(int shard, Numbered<F> fact);

    /** The tail continues from this position; everything built from the shard's earlier facts is void. */
    void reset(int shard, Committed position);

    /** Everything up to this number has been applied, or is superseded. */
    default void reached(int shard, long seq) {}
}
