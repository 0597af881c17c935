package io.myelin.clientsync.visibility;

import io.myelin.contracts.room.BundleQuery.Hidden;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.visibility.HistoryVisibility;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one user may see of one room's history, and what their membership was. For an event on the line, the state
 * before it was the room's current state at its place. For an event off that line, its own state before it decides.
 *
 * @param visibility the room's {@code history_visibility} over time
 * @param membership the user's membership over time, {@code leave} where there was none; up to where they may read at
 *     all
 * @param past answers for events off the line
 * @param from the number from which on the two histories are known
 * @param until the number of the last event that the user may see: now, or when they left
 */
public record Viewer(
        UserId user, ValueHistory visibility, ValueHistory membership, PastStates past, long from, long until) {
    private static final String JOIN = "join";
    private static final String LEAVE = "leave";

    /** A user who has no membership in any state. */
    private static final UserId NOBODY = new UserId("");

    /** A viewer who may still be in the room, and whose whole history there is known. */
    public Viewer(UserId user, ValueHistory visibility, ValueHistory membership, PastStates past) {
        this(user, visibility, membership, past, 0, Long.MAX_VALUE);
    }

    /** A viewer of the history from a number on, for all of which the user was joined. */
    public static Viewer joinedThroughout(UserId user, PastStates past, long from) {
        return new Viewer(user, ValueHistory.always("shared"), ValueHistory.always(JOIN), past, from, Long.MAX_VALUE);
    }

    /** A viewer who never had a membership in the room, or has forgotten it. */
    public static Viewer stranger(ValueHistory visibility, PastStates past) {
        return new Viewer(NOBODY, visibility, ValueHistory.always(LEAVE), past);
    }

    /** The same viewer, who may see nothing that came after a number. */
    public Viewer until(long number) {
        return new Viewer(user, visibility, membership, past, from, number);
    }

    /**
     * An event that the user sees, as they are shown it: without the replaced content and the redaction that they may
     * not see, and pruned if its sender is erased and the user was not in the room then.
     *
     * @param erased asked only if that matters
     */
    public StoredEvent shown(StoredEvent stored, Predicate<UserId> erased) {
        if (isAlwaysJoined() && !stored.isOffTimeline()) {
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

    /**
     * An event of a state that the user sees. It is shown without the content that it replaced, and without a redaction
     * that the user may not see.
     */
    public StoredEvent shownAsState(StoredEvent stored, Predicate<UserId> erased) {
        return stored.prevContent() == null && stored.redactedBecause() == null
                ? stored
                : stored.with(stored.event(), because(stored, erased)).withPrevContent(null);
    }

    /** Whether the user sees the state after an event on the line. */
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
        return stored.isOffTimeline()
                ? erased.test(stored.event().sender())
                        && !(joinedSince(stored)
                                && past.membership(stored.event().state()).equals(JOIN))
                : !wasJoinedBefore(stored) && erased.test(stored.event().sender());
    }

    /** Whether the user was in the room just before the event, and so saw the state that it changed. */
    private boolean wasJoinedBefore(StoredEvent stored) {
        return stored.isOffTimeline()
                ? joinedSince(stored)
                        && JOIN.equals(past.membershipIfKnown(stored.event().state()))
                : wasJoinedBefore(stored.seq());
    }

    /** Whether the user was in the room just before a number on the line, and so saw its current state then. */
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
        return !stored.isOffTimeline()
                && !event.outsideCurrentState()
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

    /** Whether the user sees any event on the line at a number; false if that is not known. */
    private boolean seesAt(long number) {
        return number >= from
                && number > 0
                && number <= until
                && HistoryVisibility.parse(visibility.before(number))
                        .allows(membership.before(number), membership.becameAfter(number, JOIN));
    }

    /** The numbers between which the user sees no messages on the line, in order. */
    public List<Hidden> hidden() {
        if (isAlwaysJoined()) {
            return List.of();
        }
        SortedSet<Long> changes = new TreeSet<>();
        visibility.changes().forEach(change -> changes.add(change.seq()));
        membership.changes().forEach(change -> changes.add(change.seq()));
        List<Hidden> hidden = new ArrayList<>();
        long first = from;
        for (long next : changes) {
            if (next > first) {
                hide(first, next - 1, hidden);
                first = next;
            }
        }
        hide(first, Long.MAX_VALUE - 1, hidden);
        return hidden;
    }

    /** Between two changes all messages are seen, or none. */
    private void hide(long first, long last, List<Hidden> hidden) {
        if (last > first && !seesAt(first + 1)) {
            hidden.add(new Hidden(first, last));
        }
    }

    public boolean sees(StoredEvent stored) {
        return stored.isOffTimeline() ? seesOffTimeline(stored) : seesOnTimeline(stored);
    }

    private boolean seesOnTimeline(StoredEvent stored) {
        long seq = stored.seq();
        RoomEvent event = stored.event();
        String member = membership.before(seq);
        boolean joinedLater = membership.becameAfter(seq, JOIN);
        HistoryVisibility then = HistoryVisibility.parse(visibility.before(seq));
        return then.allows(member, joinedLater)
                || (isVisibility(event) && visibilityAfter(event).allows(member, joinedLater))
                || (isOwnMembership(event) && then.allows(membershipAfter(event), joinedLater));
    }

    private boolean seesOffTimeline(StoredEvent stored) {
        RoomEvent event = stored.event();
        long state = event.state();
        HistoryVisibility then = past.visibility(state);
        return allows(then, stored)
                || (isVisibility(event) && allows(visibilityAfter(event), stored))
                || (isOwnMembership(event) && isAllowed(then, membershipAfter(event), joinedSince(stored)));
    }

    /** If the user may see the event without having been a member then, their membership is not asked for. */
    private boolean allows(HistoryVisibility then, StoredEvent stored) {
        boolean joinedSince = joinedSince(stored);
        return then.allows(LEAVE, joinedSince)
                || isAllowed(then, past.membership(stored.event().state()), joinedSince);
    }

    /**
     * A user who has left sees nothing that was received after that, even if they were still in the room on that fork.
     */
    private static boolean isAllowed(HistoryVisibility then, String member, boolean joinedSince) {
        return then.allows(member.equals(JOIN) && !joinedSince ? LEAVE : member, joinedSince);
    }

    /** Whether the user was in the room when the event came, as far as was known then, or joined later. */
    private boolean joinedSince(StoredEvent stored) {
        long until = stored.seq() - 1;
        return membership.at(until).equals(JOIN) || membership.becameAfter(until, JOIN);
    }

    /**
     * The user's membership at an event, its own change included; null if the event is off the line, and the membership
     * has not been asked for yet.
     */
    public @Nullable String membershipAt(StoredEvent stored) {
        RoomEvent event = stored.event();
        boolean isOnTimeline = !event.outsideCurrentState() && !stored.isOffTimeline();
        if (!isOnTimeline && isOwnMembership(event)) {
            return membershipAfter(event);
        }
        return stored.isOffTimeline() ? past.membershipIfKnown(event.state()) : membership.at(stored.seq());
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
        return PduBytes.text(PduBytes.find(PduBytes.contentSlice(event.body()), field));
    }
}
