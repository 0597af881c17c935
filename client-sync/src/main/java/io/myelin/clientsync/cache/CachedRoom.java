package io.myelin.clientsync.cache;

import io.myelin.clientsync.event.EventContent;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.engine.Numbered;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A room as of some number of its shard, immutable: its state and its newest events. Each event knows what it replaced,
 * so that the state can be rolled back to any place in the window that is not before the newest resolution.
 *
 * @param incarnation of the shard
 * @param state after the last event
 * @param window the newest events, oldest first
 * @param complete whether the window reaches back to the room's beginning
 * @param counts of members after the last event
 * @param historyAt the number of the newest live event before which history was found later; that history is never in
 *     the window; 0 for none
 * @param sticky the sticky events, which may be older than the window; none in a room of the past
 * @param purgedAt the number by which the room's history was last purged; 0 if it never was
 * @param stateWeight what the state weighs on the heap, about
 * @param windowWeight the same of the window, and of what its events replaced
 */
public record CachedRoom(
        RoomId id,
        RoomVersion version,
        int shard,
        long incarnation,
        StateMap<StoredEvent> state,
        List<TimelineEvent> window,
        boolean complete,
        MemberCounts counts,
        boolean published,
        Resolutions resolutions,
        long historyAt,
        StickyEvents sticky,
        long purgedAt,
        long stateWeight,
        long windowWeight) {

    /** How many events a room's window has at most. */
    public static final int WINDOW = 100;

    private static final int ROOM = 1_000;
    private static final int RESOLVED_PLACE = 150;

    /** The number of the room's newest event; 0 if it has none. */
    public long lastSeq() {
        return window.isEmpty() ? 0 : window.getLast().seq();
    }

    /** The number of the newest event or resolution of the state. */
    public long newest() {
        return Math.max(lastSeq(), resolutions.newest());
    }

    /** The number since which an event of the state has been in it. */
    public long since(StoredEvent ofState) {
        String stateKey = Objects.requireNonNull(ofState.event().stateKey());
        long resolved = resolutions.at(ofState.event().type(), stateKey);
        return ofState.place().isHistory() ? resolved : Math.max(ofState.seq(), resolved);
    }

    /** The number from which on the window has all of the room's events. */
    public long windowStart() {
        return complete || window.isEmpty() ? 0 : window.getFirst().seq();
    }

    /** Whether the window has everything after a number. */
    public boolean reachesBackTo(long seq) {
        return seq + 1 >= windowStart();
    }

    /** Whether the window has all events after a place, and no history was found later in that range. */
    public boolean hasAllAfter(RoomPlace place) {
        return reachesBackTo(place.anchor()) && !place.isHistory() && historyAt <= place.anchor();
    }

    public @Nullable StoredEvent member(UserId user) {
        return state.get(EventTypes.MEMBER, user.value());
    }

    public String membership(UserId user) {
        return EventContent.membership(member(user));
    }

    /** A field of the content of the state event with an empty state key, if it is a string. */
    public Optional<String> stateField(String type, String field) {
        StoredEvent stored = state.get(type, "");
        return stored == null ? Optional.empty() : Optional.ofNullable(EventContent.string(stored.event(), field));
    }

    /** The index of the first event in the window after a number. */
    public int indexAfter(long seq) {
        int low = 0;
        int high = window.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (window.get(middle).seq() <= seq) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The events of the window after a number that are off the line; most rooms have none. */
    public List<StoredEvent> offTheLineAfter(long seq) {
        List<StoredEvent> found = List.of();
        for (int i = indexAfter(seq); i < window.size(); i++) {
            StoredEvent stored = window.get(i).stored();
            if (stored.isOffTimeline()) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(stored);
            }
        }
        return found;
    }

    /** The index of the first event in the window that is not before a place. */
    public int indexFrom(RoomPlace place) {
        return indexAfter(place.back() > 0 ? place.anchor() : place.anchor() - 1);
    }

    /** The room with one more event. */
    public CachedRoom with(Numbered<RoomEvent> next) {
        RoomEvent event = next.fact();
        String stateKey = event.stateKey();
        StoredEvent replaced = stateKey == null ? null : state.get(event.type(), stateKey);
        StoredEvent before = replaced == null || replaced.number() != event.replaces() ? null : replaced;
        RoomEvent because = event.redactedBecause();
        RoomEvent shown = because == null ? event : event.redacted(version);
        TimelineEvent newest = new TimelineEvent(
                new StoredEvent(
                        next.seq(),
                        0,
                        shown,
                        because,
                        before == null ? null : PduBytes.content(before.event().body()),
                        before == null ? null : before.event().sender()),
                replaced);
        boolean overflows = window.size() >= WINDOW;
        List<TimelineEvent> longer = new ArrayList<>(WINDOW);
        longer.addAll(overflows ? window.subList(window.size() - WINDOW + 1, window.size()) : window);
        longer.add(newest);
        StateMap<StoredEvent> after = stateKey == null || event.outsideCurrentState()
                ? state
                : state.with(event.type(), stateKey, newest.stored());
        if (overflows) {
            after = compacted(after, window.getFirst());
        }
        boolean changesMembers = newest.changesState() && event.type().equals(EventTypes.MEMBER);
        CachedRoom room = new CachedRoom(
                id,
                version,
                shard,
                incarnation,
                after,
                List.copyOf(longer),
                complete && !overflows,
                changesMembers ? counts.replace(replaced, newest.stored()) : counts,
                published,
                resolutions,
                historyAt,
                stickyAfter(newest.stored(), event.redacts()),
                purgedAt,
                Weights.changed(state, stateWeight, after),
                windowWeight + Weights.of(newest) - (overflows ? Weights.of(window.getFirst()) : 0));
        return event.redacts() == null
                ? room
                : RoomRedaction.apply(room, event.withNumber(newest.stored().number()));
    }

    private StickyEvents stickyAfter(StoredEvent newest, @Nullable EventId redacted) {
        return (redacted == null ? sticky : sticky.without(redacted)).with(newest);
    }

    /** The state in which an event that leaves the window is kept compact. */
    private static StateMap<StoredEvent> compacted(StateMap<StoredEvent> state, TimelineEvent leaving) {
        RoomEvent event = leaving.stored().event();
        String stateKey = event.stateKey();
        StoredEvent now = stateKey == null ? null : state.get(event.type(), stateKey);
        return now == null || now.number() != leaving.stored().number()
                ? state
                : state.with(event.type(), Objects.requireNonNull(stateKey), CompactState.of(now));
    }

    public CachedRoom withPublished(boolean value) {
        return new CachedRoom(
                id,
                version,
                shard,
                incarnation,
                state,
                window,
                complete,
                counts,
                value,
                resolutions,
                historyAt,
                sticky,
                purgedAt,
                stateWeight,
                windowWeight);
    }

    /** The room after history was found before one of its events. */
    CachedRoom withHistoryAt(long anchor) {
        return new CachedRoom(
                id,
                version,
                shard,
                incarnation,
                state,
                window,
                complete,
                counts,
                published,
                resolutions,
                Math.max(historyAt, anchor),
                sticky,
                purgedAt,
                stateWeight,
                windowWeight);
    }

    /** The room after its history before a place was purged, by the fact of this number. */
    CachedRoom purged(long number, RoomPlace begins) {
        int first = indexFrom(begins);
        List<TimelineEvent> kept = List.copyOf(window.subList(first, window.size()));
        return new CachedRoom(
                id,
                version,
                shard,
                incarnation,
                state,
                kept,
                complete && first == 0,
                counts,
                published,
                resolutions,
                historyAt,
                sticky.from(begins),
                number,
                stateWeight,
                Weights.of(kept));
    }

    /** The room with another state and window, which belong together. */
    public CachedRoom withEvents(StateMap<StoredEvent> newState, List<TimelineEvent> newWindow) {
        return new CachedRoom(
                id,
                version,
                shard,
                incarnation,
                newState,
                newWindow,
                complete,
                counts,
                published,
                resolutions,
                historyAt,
                sticky,
                purgedAt,
                Weights.changed(state, stateWeight, newState),
                Weights.of(newWindow));
    }

    CachedRoom resolved(StateMap<StoredEvent> newState, MemberCounts newCounts, Resolutions newResolutions) {
        return new CachedRoom(
                id,
                version,
                shard,
                incarnation,
                newState,
                window,
                complete,
                newCounts,
                published,
                newResolutions,
                historyAt,
                sticky,
                purgedAt,
                Weights.changed(state, stateWeight, newState),
                windowWeight);
    }

    /** The room as it was at a number; empty if that lies before the window, or before the newest resolution. */
    public Optional<CachedRoom> asOf(long seq) {
        if (seq >= newest()) {
            return Optional.of(this);
        }
        if (!reachesBackTo(seq) || seq < resolutions.newest()) {
            return Optional.empty();
        }
        int end = indexAfter(seq);
        StateMap<StoredEvent> then = state;
        MemberCounts countsThen = counts;
        for (TimelineEvent event : window.subList(end, window.size()).reversed()) {
            if (event.changesState()) {
                then = undo(then, event);
                if (event.stored().event().type().equals(EventTypes.MEMBER)) {
                    countsThen = countsThen.replace(event.stored(), event.replaced());
                }
            }
        }
        List<TimelineEvent> shorter = List.copyOf(window.subList(0, end));
        return Optional.of(new CachedRoom(
                id,
                version,
                shard,
                incarnation,
                then,
                shorter,
                complete,
                countsThen,
                published,
                resolutions,
                historyAt,
                StickyEvents.NONE,
                purgedAt,
                stateWeight,
                windowWeight));
    }

    /** The state before a state event: its place has again what the event replaced. */
    public static StateMap<StoredEvent> undo(StateMap<StoredEvent> state, TimelineEvent event) {
        String type = event.stored().event().type();
        String stateKey = Objects.requireNonNull(event.stored().event().stateKey());
        StoredEvent replaced = event.replaced();
        return replaced == null ? state.without(type, stateKey) : state.with(type, stateKey, replaced);
    }

    /** Bytes on the heap, about. An event that is state and in the window counts twice. */
    public long weight() {
        return ROOM + stateWeight + windowWeight + sticky.weight() + resolutions.places().size() * (long) RESOLVED_PLACE;
    }
}
