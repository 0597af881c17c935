package io.myelin.clientsync.visibility;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.visibility.HistoryVisibility;
import org.jspecify.annotations.Nullable;

/**
 * One user before one room's history: which events they may see, and what their membership was. The state at an event is
 * mostly what the room's current one was at its place. Of an event that is off that line, the state before it says.
 *
 * @param visibility the room's {@code history_visibility} over time
 * @param membership the user's over time, {@code leave} where there was none; up to where they may read at all
 * @param past what is off the line
 */
public record Viewer(UserId user, ValueHistory visibility, ValueHistory membership, PastStates past) {
    private static final String JOIN = "join";
    private static final String LEAVE = "leave";

    /** Of a stretch of history all of which the user was joined for. */
    public static Viewer joinedThroughout(UserId user, PastStates past) {
        return new Viewer(user, ValueHistory.always("shared"), ValueHistory.always(JOIN), past);
    }

    public boolean sees(StoredEvent stored) {
        return stored.isOffTheLine() ? seesOffTheLine(stored) : seesOnTheLine(stored);
    }

    private boolean seesOnTheLine(StoredEvent stored) {
        long seq = stored.seq();
        RoomEvent event = stored.event();
        String member = membership.before(seq);
        boolean joinedLater = membership.becameAfter(seq, JOIN);
        HistoryVisibility then = HistoryVisibility.parse(visibility.before(seq));
        return then.allows(member, joinedLater)
                || (isVisibility(event) && visibilityAfter(event).allows(member, joinedLater))
                || (isOwnMembership(event) && then.allows(membershipAfter(event), joinedLater));
    }

    private boolean seesOffTheLine(StoredEvent stored) {
        RoomEvent event = stored.event();
        long state = event.state();
        HistoryVisibility then = past.visibility(state);
        return allows(then, stored)
                || (isVisibility(event) && allows(visibilityAfter(event), stored))
                || (isOwnMembership(event) && isAllowed(then, membershipAfter(event), joinedSince(stored)));
    }

    /** Where anybody who has joined since may see it, nobody asks what the user was then. */
    private boolean allows(HistoryVisibility then, StoredEvent stored) {
        boolean joinedSince = joinedSince(stored);
        return then.allows(LEAVE, joinedSince)
                || isAllowed(then, past.membership(stored.event().state()), joinedSince);
    }

    /** Who has left sees nothing more that was received after that, though they still were in the room on that fork. */
    private static boolean isAllowed(HistoryVisibility then, String member, boolean joinedSince) {
        return then.allows(member.equals(JOIN) && !joinedSince ? LEAVE : member, joinedSince);
    }

    /** Whether the user was in the room when the event came, as far as was known then, or joined later. */
    private boolean joinedSince(StoredEvent stored) {
        long until = stored.seq() - 1;
        return membership.at(until).equals(JOIN) || membership.becameAfter(until, JOIN);
    }

    /**
     * The user's membership at an event, its own change included; null if the event is off the line, and nobody has asked
     * yet.
     */
    public @Nullable String membershipAt(StoredEvent stored) {
        RoomEvent event = stored.event();
        boolean isOnTheLine = !event.aside() && !stored.isOffTheLine();
        if (!isOnTheLine && isOwnMembership(event)) {
            return membershipAfter(event);
        }
        return stored.isOffTheLine() ? past.membershipIfKnown(event.state()) : membership.at(stored.seq());
    }

    private static boolean isVisibility(RoomEvent event) {
        return event.type().equals(EventTypes.HISTORY_VISIBILITY) && "".equals(event.stateKey());
    }

    private boolean isOwnMembership(RoomEvent event) {
        return event.type().equals(EventTypes.MEMBER) && user.value().equals(event.stateKey());
    }

    private static HistoryVisibility visibilityAfter(RoomEvent event) {
        return HistoryVisibility.parse(said(event, "history_visibility"));
    }

    private static String membershipAfter(RoomEvent event) {
        String said = said(event, "membership");
        return said == null ? LEAVE : said;
    }

    private static @Nullable String said(RoomEvent event, String field) {
        return JsonParser.parseObject(PduBytes.content(event.body()), JsonRules.LENIENT_EVENTS)
                .string(field)
                .orElse(null);
    }
}
