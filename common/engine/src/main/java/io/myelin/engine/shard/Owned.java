package io.myelin.engine.shard;

/** A shard while this process owns it, as far as its ownership goes. */
public interface Owned {

    int number();

    /** The epoch in which it is ours, as its row says. */
    long epoch();

    /** When it became ours, in milliseconds since the epoch of time. */
    long claimedAt();

    /** How much would have to wait, or to move, if it were given up: the lightest goes first. */
    int weight();

    /** Whether it is being given up. */
    boolean isDraining();

    /** Nothing new is begun for it from now on. */
    void drain(long now);

    /** Whether nothing of it is under way any more, so that it can be released. */
    boolean isDrained(long now);

    /** Hands it back → {@link Ownership#released}. It is no longer ours. */
    void release();

    /** It was lost: whoever waits for it here is told. */
    default void lost() {}
}
