package io.myelin.engine.ownership;

/**
 * Decides when an instance looks at the shards' owners: regularly, more often while shards are moving, at once when it
 * learns that one has moved, and never twice at the same time. The outcome of a look that began before the lease was lost
 * is void.
 */
final class OwnerScans {

    private static final int HASTE = 5;

    private final long pauseMillis;
    private int life;
    private boolean underWay;
    private boolean again;
    private long at;

    /** @param pauseMillis the pause between two looks while no shard moves */
    OwnerScans(long pauseMillis) {
        this.pauseMillis = pauseMillis;
    }

    /** The number of the lease that a look beginning now belongs to. */
    int life() {
        return life;
    }

    /** Whether a look's outcome is still to come. */
    boolean underWay() {
        return underWay;
    }

    /** A shard has moved: the next look is due. */
    void soon() {
        again = true;
    }

    /** The lease was lost: a look under way is void. */
    void beginAnew() {
        life++;
        underWay = false;
        again = true;
    }

    /** Whether it is time to look; if so, the look has begun. */
    boolean begin(long now) {
        if (underWay || (!again && now < at)) {
            return false;
        }
        underWay = true;
        again = false;
        at = now + pauseMillis;
        return true;
    }

    /**
     * A look's outcome has come, or its failure.
     *
     * @return false if it is void
     */
    boolean ended(int itsLife, long now, boolean moving) {
        if (itsLife != life) {
            return false;
        }
        underWay = false;
        if (moving) {
            at = Math.min(at, now + pauseMillis / HASTE);
        }
        return true;
    }
}
