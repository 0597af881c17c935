package io.myelin.clientsync.cache;

import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.visibility.PastStates;
import io.myelin.clientsync.visibility.ValueHistory;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.visibility.HistoryVisibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a user may see of a room's window, computed from the window itself. Where the state was resolved, room-server is
 * asked.
 */
public final class WindowHistory {

    private static final String JOIN = "join";

    private WindowHistory() {}

    /** @param past answers for events that are off the room's line */
    public static Viewer viewer(CachedRoom room, UserId user, RoomLoader loader, PastStates past) {
        ValueHistory membership = history(room, EventTypes.MEMBER, user.value(), loader, EventContent::membership);
        ValueHistory visibility = history(room, EventTypes.HISTORY_VISIBILITY, "", loader, WindowHistory::visibility);
        return new Viewer(
                user,
                visibility,
                membership,
                past,
                Math.min(knownFrom(room, user, membership), sharedFrom(room, visibility, membership)),
                Long.MAX_VALUE);
    }

    /**
     * The number from which on it is known what the user may see. For a user who was joined since before the window,
     * the visibility does not matter.
     */
    private static long knownFrom(CachedRoom room, UserId user, ValueHistory membership) {
        StoredEvent member = room.member(user);
        if (member != null && membership.equals(ValueHistory.always(JOIN))) {
            return Math.min(room.since(member), room.windowStart());
        }
        return room.window().isEmpty() && !room.complete() ? Long.MAX_VALUE : room.windowStart();
    }

    /**
     * The number since which members see what was before they joined; {@code Long.MAX_VALUE} if they do not. From there
     * on, the membership before the window of a user who joined within it does not matter.
     */
    private static long sharedFrom(CachedRoom room, ValueHistory visibility, ValueHistory membership) {
        StoredEvent now = room.state().get(EventTypes.HISTORY_VISIBILITY, "");
        boolean isShared = visibility.changes().isEmpty()
                && HistoryVisibility.parse(visibility.first()).neededThen().isEmpty();
        return now != null && isShared && !membership.first().equals(JOIN) ? room.since(now) : Long.MAX_VALUE;
    }

    /** The values over all of a room's history, asked of room-server. */
    public static ValueHistory whole(
            CachedRoom room,
            String type,
            String stateKey,
            RoomLoader loader,
            Function<@Nullable StoredEvent, String> value) {
        List<ValueHistory.Change> changes = loader.history(room, type, stateKey).stream()
                .map(since -> new ValueHistory.Change(since.seq(), value.apply(since.event())))
                .toList();
        return new ValueHistory(value.apply(null), changes);
    }

    /**
     * The number at which a user who is not joined last ceased to be joined, whatever their membership was after that;
     * empty if they never were joined.
     */
    public static Optional<Long> leftAt(CachedRoom room, UserId user, RoomLoader loader) {
        StoredEvent member = room.member(user);
        if (room.resolutions().at(EventTypes.MEMBER, user.value()) == 0) {
            if (member == null) {
                return Optional.empty();
            }
            if (EventContent.membershipBefore(member).equals(JOIN)) {
                return Optional.of(member.seq());
            }
            if (member.event().replaces() == 0) {
                return Optional.empty();
            }
        }
        List<StateSince> all = loader.history(room, EventTypes.MEMBER, user.value());
        for (int i = all.size() - 2; i >= 0; i--) {
            if (EventContent.membership(all.get(i).event()).equals(JOIN)) {
                return Optional.of(all.get(i + 1).seq());
            }
        }
        return Optional.empty();
    }

    public static String visibility(@Nullable StoredEvent stored) {
        String value = stored == null ? null : EventContent.string(stored.event(), "history_visibility");
        return value == null ? "shared" : value;
    }

    private static ValueHistory history(
            CachedRoom room,
            String type,
            String stateKey,
            RoomLoader loader,
            Function<@Nullable StoredEvent, String> value) {
        if (room.resolutions().at(type, stateKey) > room.windowStart()) {
            return whole(room, type, stateKey, loader, value);
        }
        StoredEvent now = room.state().get(type, stateKey);
        if (now == null
                || room.window().isEmpty()
                || room.since(now) < room.window().getFirst().seq()) {
            return ValueHistory.always(value.apply(now));
        }
        StoredEvent first = null;
        List<ValueHistory.Change> changes = new ArrayList<>();
        for (TimelineEvent event : room.window()) {
            var fact = event.stored().event();
            if (event.changesState() && fact.type().equals(type) && stateKey.equals(fact.stateKey())) {
                if (changes.isEmpty()) {
                    first = event.replaced();
                }
                changes.add(new ValueHistory.Change(event.seq(), value.apply(event.stored())));
            }
        }
        return new ValueHistory(value.apply(first), changes);
    }
}
