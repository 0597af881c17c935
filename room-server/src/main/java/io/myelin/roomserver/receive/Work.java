package io.myelin.roomserver.receive;

/**
 * What a decision has cost so far, in microseconds of a usual processor. The cost is counted, not measured, so that the same
 * command always ends at the same event. Code whose running time another server can prolong charges its cost here.
 */
public final class Work {

    /** What one decision may cost. Its lane and its loop do nothing else meanwhile. */
    public static final int MOST = 90_000;

    /** To check a signature. */
    public static final int VERIFICATION = 80;

    /** To read an event and to compute its hashes, for each started kilobyte. */
    public static final int KILOBYTE_READ = 25;

    /** To ask the authorisation rules. */
    public static final int RULES_ASKED = 15;

    /** To change one place of a state. */
    public static final int PLACE_CHANGED = 1;

    private int done;

    public void charge(int cost) {
        done += cost;
    }

    public int done() {
        return done;
    }

    /** Whether the decision should begin nothing more. */
    public boolean isSpent() {
        return done >= MOST;
    }
}
