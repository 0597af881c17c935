package io.myelin.clientsync.visibility;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;

/**
 * One user before one room's history: which events they may see, and what their membership was.
 *
 * @param visibility the room's {@code history_visibility} over time
 * @param membership the user's over time, {@code leave} where there was none; up to where they may read at all
 */
public record Viewer(UserId user, ValueHistory visibility, ValueHistory membership) {

    /** Of a stretch of history all of which the user was joined for. */
    public static Viewer joinedThroughout(UserId user) {
        return new Viewer(user, ValueHistory.always("shared"), ValueHistory.always("join"));
    }

    public boolean sees(StoredEvent stored) {
        long seq = stored.seq();
        RoomEvent event = stored.event();
        String before = membership.before(seq);
        boolean joinedLater = membership.becameAfter(seq, "join");
        if (visible(visibility.before(seq), before, joinedLater)) {
            return true;
        }
        if (isVisibility(event)) {
            return visible(visibility.at(seq), before, joinedLater);
        }
        return isOwnMembership(event) && visible(visibility.before(seq), membership.at(seq), joinedLater);
    }

    /**
     * What the state before an event says, and the state after it.
     *
     * @param membershipBefore of the user
     * @param membership the same, the user's own change included
     */
    public record Then(String visibilityBefore, String membershipBefore, String visibility, String membership) {}

    /** The same of an event of which it was found later that it belongs before another. */
    public boolean sees(StoredEvent stored, Then then) {
        long until = stored.seq() - 1;
        boolean joinedLater = membership.at(until).equals("join") || membership.becameAfter(until, "join");
        return visible(then.visibilityBefore(), then.membershipBefore(), joinedLater)
                || visible(then.visibility(), then.membershipBefore(), joinedLater)
                || visible(then.visibilityBefore(), then.membership(), joinedLater);
    }

    private static boolean visible(String visibility, String membership, boolean joinedLater) {
        return HistoryVisibility.parse(visibility).allows(membership, joinedLater);
    }

    private static boolean isVisibility(RoomEvent event) {
        return event.type().equals(EventTypes.HISTORY_VISIBILITY) && "".equals(event.stateKey());
    }

    private boolean isOwnMembership(RoomEvent event) {
        return event.type().equals(EventTypes.MEMBER) && user.value().equals(event.stateKey());
    }

    /** The user's membership at an event, its own change included. */
    public String membershipAt(long seq) {
        return membership.at(seq);
    }
}
