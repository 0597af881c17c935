package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomFact.UnplacedReason;
import org.jspecify.annotations.Nullable;

/**
 * The values of an event's column {@code standing}. The numbers must never change; null stands for an ordinary live event.
 */
final class Standings {

    /** The event has its place in the history, but the state after it did not become the current one. */
    static final short ASIDE = 1;

    /**
     * The event was an outlier and is live now. A row of {@code state_change} says when it became part of the current state,
     * since its own number is older.
     */
    static final short PROMOTED = 6;

    /**
     * The event has its place in the history, but the state before it was not the current one, nor is the state after it.
     */
    static final short FORKED = 8;

    private Standings() {}

    /** The standing of an event that has its place; null for most. */
    static @Nullable Short ofPlaced(RoomEvent event) {
        if (event.forked()) {
            return FORKED;
        }
        return event.outsideCurrentState() ? Short.valueOf(ASIDE) : null;
    }

    static short number(UnplacedReason standing) {
        return switch (standing) {
            case SOFT_FAILED -> 2;
            case REJECTED -> 3;
            case OUTLIER -> 4;
            case REJECTED_OUTLIER -> 5;
            case UNPLACED -> 7;
        };
    }

    static boolean wasRejected(short number) {
        return number == number(UnplacedReason.REJECTED) || number == number(UnplacedReason.REJECTED_OUTLIER);
    }

    /** Null for an event that has its place in the history. */
    static @Nullable UnplacedReason find(short number) {
        return number == 0 || number == ASIDE || number == PROMOTED || number == FORKED ? null : of(number);
    }

    static UnplacedReason of(short number) {
        for (UnplacedReason standing : UnplacedReason.values()) {
            if (number(standing) == number) {
                return standing;
            }
        }
        throw new IllegalArgumentException("An event has a standing " + number + " that this release does not know");
    }
}
