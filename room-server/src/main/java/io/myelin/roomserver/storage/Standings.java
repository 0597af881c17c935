package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomFact.Standing;
import org.jspecify.annotations.Nullable;

/** What the column {@code standing} of an event says. The numbers are kept for ever; null is an event like any other. */
final class Standings {

    /** It has its place in the history, but the current state did not become the one after it. */
    static final short ASIDE = 1;

    /**
     * It was an outlier before, and is live now: that the current state became the one after it, a row of {@code
     * state_change} says, since its own number is older.
     */
    static final short PROMOTED = 6;

    /** It has its place in the history, but the current state was another than the one before it: and so is the one after. */
    static final short FORKED = 8;

    private Standings() {}

    /** Of an event that has its place, and was not known before; null for most. */
    static @Nullable Short ofPlaced(RoomEvent event) {
        if (event.forked()) {
            return FORKED;
        }
        return event.aside() ? Short.valueOf(ASIDE) : null;
    }

    static short number(Standing standing) {
        return switch (standing) {
            case SOFT_FAILED -> 2;
            case REJECTED -> 3;
            case OUTLIER -> 4;
            case REJECTED_OUTLIER -> 5;
            case UNPLACED -> 7;
        };
    }

    static boolean wasRejected(short number) {
        return number == number(Standing.REJECTED) || number == number(Standing.REJECTED_OUTLIER);
    }

    /** Null for an event that has its place in the history. */
    static @Nullable Standing find(short number) {
        return number == 0 || number == ASIDE || number == PROMOTED || number == FORKED ? null : of(number);
    }

    static Standing of(short number) {
        for (Standing standing : Standing.values()) {
            if (number(standing) == number) {
                return standing;
            }
        }
        throw new IllegalArgumentException("An event has a standing " + number + " that this release does not know");
    }
}
