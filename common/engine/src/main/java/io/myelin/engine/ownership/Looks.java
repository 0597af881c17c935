package io.myelin.engine.ownership;

/**
 * When an instance looks who owns what: regularly, more often while shards are moving, at once when it learns that one
 * has moved, and never twice at the same time. A look that was begun before the lease was lost says nothing about what
 * is owned after it.
 */
final class Looks {

    private static final int HASTE = 5;

    private final long pauseMillis;
    private int life;
    private boolean underWay;
    private boolean again;
    private long at;

    /** @param pauseMillis between two looks while nothing moves */
    Looks(long pauseMillis) {
        this.pauseMillis = pauseMillis;
    }

    /** Which lease the looks that are begun now belong to. */
    int life() {
        return life;
    }

    /** Whether a look's outcome is still to come. */
    boolean underWay() {
        return underWay;
    }

    /** Something has moved: the next look is due. */
    void soon() {
        again = true;
    }

    /** The lease was lost: what was being looked at is void. */
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
