package io.myelin.engine.ownership;

/** A shard while this process owns it, in one epoch. */
public abstract class OwnedShard {

    private final int number;
    private final long epoch;
    private final long incarnation;
    private final long claimedAt;
    private boolean draining;

    /** @param now when this process claimed the shard, in milliseconds since 1970 */
    protected OwnedShard(ShardRow row, long now) {
        number = row.shard();
        epoch = row.epoch();
        incarnation = row.incarnation();
        claimedAt = now;
    }

    public final int number() {
        return number;
    }

    /** The epoch in which this process owns the shard, as in its row. */
    public final long epoch() {
        return epoch;
    }

    /** The incarnation of the shard's log, see {@link io.myelin.engine.Committed}. */
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

    /** Asks for what the shard needs, after this process has claimed it to keep it. */
    protected abstract void begin();

    /** Whether this process can answer queries about the shard. */
    protected boolean answers() {
        return true;
    }

    /** How much work would have to wait or move if the shard were given up. The lightest shard is given up first. */
    protected abstract int weight();

    /** The shard begins no new work from now on. */
    protected abstract void drain(long now);

    /** Whether the shard has no work under way any more, so that it can be released. */
    protected abstract boolean isDrained(long now);

    /** The number up to which the output topic is known to be complete, for the next owner. */
    protected long publishedUpTo() {
        return 0;
    }

    /** The shard is released or was lost: tells the callers that wait for it in this process. */
    protected void forget() {}
}
