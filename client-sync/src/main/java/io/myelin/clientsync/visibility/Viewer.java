package io.myelin.clientsync.visibility;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.visibility.HistoryVisibility;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One user before one room's history: which events they may see, and what their membership was. The state at an event is
 * mostly what the room's current one was at its place. Of an event that is off that line, the state before it says.
 *
 * @param visibility the room's {@code history_visibility} over time
 * @param membership the user's over time, {@code leave} where there was none; up to where they may read at all
 * @param past what is off the line
 * @param from the number from which on the two histories are known
 * @param until the number of the last that the user may see: now, or when they left
 */
public record Viewer(
        UserId user, ValueHistory visibility, ValueHistory membership, PastStates past, long from, long until) {
    private static final String JOIN = "join";
    private static final String LEAVE = "leave";

    /** Whose user is in nobody's state. */
    private static final UserId NOBODY = new UserId("");

    /** Somebody who may still be in the room, and all of whose history there is known. */
    public Viewer(UserId user, ValueHistory visibility, ValueHistory membership, PastStates past) {
        this(user, visibility, membership, past, 0, Long.MAX_VALUE);
    }

    /** Of a stretch of history, from a number on, all of which the user was joined for. */
    public static Viewer joinedThroughout(UserId user, PastStates past, long from) {
        return new Viewer(user, ValueHistory.always("shared"), ValueHistory.always(JOIN), past, from, Long.MAX_VALUE);
    }

    /** Somebody who never had to do with the room, or has forgotten it. */
    public static Viewer stranger(ValueHistory visibility, PastStates past) {
        return new Viewer(NOBODY, visibility, ValueHistory.always(LEAVE), past);
    }

    /** The same, who may see nothing that came after a number. */
    public Viewer until(long number) {
        return new Viewer(user, visibility, membership, past, from, number);
    }

    /**
     * What the user is shown of an event that they see: without what they may not see of what it replaced and of what
     * redacted it; pruned, if its sender is erased and they were not in the room then.
     *
     * @param erased asked only if that matters
     */
    public StoredEvent shown(StoredEvent stored, Predicate<UserId> erased) {
        if (isAlwaysJoined() && !stored.isOffTheLine()) {
            return stored;
        }
        if (!isOwnMembership(stored.event()) && isPruned(stored, erased)) {
            RoomEvent event = stored.event();
            RoomEvent left = event.redacted(RoomVersions.find(event.version()).orElseThrow());
            return stored.with(left, because(stored, erased)).withPrevContent(null);
        }
        StoredEvent told = stored.with(stored.event(), because(stored, erased));
        return stored.prevContent() == null || seesReplaced(stored, erased) ? told : told.withPrevContent(null);
    }

    /** An event of a state that the user sees: they may not have seen the one before it, nor its redaction. */
    public StoredEvent shownAsState(StoredEvent stored, Predicate<UserId> erased) {
        return stored.prevContent() == null && stored.redactedBecause() == null
                ? stored
                : stored.with(stored.event(), because(stored, erased)).withPrevContent(null);
    }

    /** Whether the user sees what the state was after an event on the line. */
    public boolean seesStateAt(long seq) {
        return seq <= until && seq >= from && allowsAfter(seq);
    }

    private boolean isAlwaysJoined() {
        return until == Long.MAX_VALUE
                && membership.changes().isEmpty()
                && membership.first().equals(JOIN);
    }

    private boolean allowsAfter(long seq) {
        return HistoryVisibility.parse(visibility.at(seq))
                .allows(membership.at(seq), membership.becameAfter(seq, JOIN));
    }

    private boolean isPruned(StoredEvent stored, Predicate<UserId> erased) {
        return stored.isOffTheLine()
                ? erased.test(stored.event().sender())
                        && !(joinedSince(stored)
                                && past.membership(stored.event().state()).equals(JOIN))
                : !wasJoinedBefore(stored) && erased.test(stored.event().sender());
    }

    /** In the room just before the event, so that they saw the state that it changed. */
    private boolean wasJoinedBefore(StoredEvent stored) {
        return stored.isOffTheLine()
                ? joinedSince(stored)
                        && JOIN.equals(past.membershipIfKnown(stored.event().state()))
                : wasJoinedBefore(stored.seq());
    }

    /** In the room just before a number on the line, so that they saw the state that was its current one then. */
    public boolean wasJoinedBefore(long seq) {
        return membership.before(seq).equals(JOIN);
    }

    private boolean seesReplaced(StoredEvent stored, Predicate<UserId> erased) {
        RoomEvent event = stored.event();
        if (isOwnMembership(event) || wasJoinedBefore(stored)) {
            return true;
        }
        long replaced = event.replaces();
        UserId sender = stored.prevSender();
        return !stored.isOffTheLine()
                && !event.aside()
                && seesAt(replaced)
                && sender != null
                && (membership.before(replaced).equals(JOIN) || !erased.test(sender));
    }

    private @Nullable RoomEvent because(StoredEvent stored, Predicate<UserId> erased) {
        RoomEvent because = stored.redactedBecause();
        if (because == null || !seesAt(because.number())) {
            return null;
        }
        boolean isWhole = membership.before(because.number()).equals(JOIN) || !erased.test(because.sender());
        return isWhole
                ? because
                : because.redacted(RoomVersions.find(because.version()).orElseThrow());
    }

    /** Whether they see what happened on the line at a number, whatever it was; no, if that is not known. */
    private boolean seesAt(long number) {
        return number >= from
                && number > 0
                && number <= until
                && HistoryVisibility.parse(visibility.before(number))
                        .allows(membership.before(number), membership.becameAfter(number, JOIN));
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
