package io.myelin.engine.ownership;

/** A shard while this process owns it, in one epoch. */
public abstract class OwnedShard {

    private final int number;
    private final long epoch;
    private final long incarnation;
    private final long claimedAt;
    private boolean draining;

    /** @param now when it became ours, in milliseconds since the epoch of time */
    protected OwnedShard(ShardRow row, long now) {
        number = row.shard();
        epoch = row.epoch();
        incarnation = row.incarnation();
        claimedAt = now;
    }

    public final int number() {
        return number;
    }

    /** The epoch in which it is ours, as its row says. */
    public final long epoch() {
        return epoch;
    }

    /** Of the shard's history, see {@link io.myelin.engine.Committed}. */
    public final long incarnation() {
        return incarnation;
    }

    final long claimedAt() {
        return claimedAt;
    }

    /** Whether it is being given up. */
    public final boolean isDraining() {
        return draining;
    }

    final void giveUp(long now) {
        if (!draining) {
            draining = true;
            drain(now);
        }
    }

    /** It has become ours, and is not to be given up at once: what it needs is asked for. */
    protected abstract void begin();

    /** Whether this process can tell what is in it. */
    protected boolean answers() {
        return true;
    }

    /** How much would have to wait, or to move, if it were given up: the lightest goes first. */
    protected abstract int weight();

    /** Nothing new is begun for it from now on. */
    protected abstract void drain(long now);

    /** Whether nothing of it is under way any more, so that it can be released. */
    protected abstract boolean isDrained(long now);

    /** What the output topic is known to have, for its next owner. */
    protected long publishedUpTo() {
        return 0;
    }

    /** It is no longer ours, whether it is released or was lost: whoever waits for it here is told. */
    protected void forget() {}
}
