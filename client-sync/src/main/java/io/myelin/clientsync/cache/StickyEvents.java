package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.StoredEvent;
import io.myelin.matrix.event.Stickiness;
import io.myelin.matrix.id.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The newest sticky events of a room (MSC4354), oldest first. They may have ended since; who reads them says what time it is. A
 * room has at most {@link RoomQueries#MOST_STICKY}, of {@link #MOST_BYTES}: beyond, the oldest are no longer told of.
 *
 * @param weight on the heap, about
 */
public record StickyEvents(List<StoredEvent> events, long weight) {
    public static final StickyEvents NONE = new StickyEvents(List.of(), 0);

    /** The largest weight of a room's sticky events. */
    static final long MOST_BYTES = 1 << 20;

    static boolean isSticky(StoredEvent stored) {
        return stored.redactedBecause() == null
                && !stored.place().isHistory()
                && Stickiness.duration(stored.event().body()).isPresent();
    }

    static StickyEvents of(List<StoredEvent> sticky) {
        return limited(sticky, sticky.stream().mapToLong(Weights::of).sum());
    }

    /** These and a newer event; these alone if that is not sticky. */
    StickyEvents with(StoredEvent newest) {
        if (!isSticky(newest)) {
            return this;
        }
        List<StoredEvent> more = new ArrayList<>(events.size() + 1);
        more.addAll(events);
        more.add(newest);
        return limited(more, weight + Weights.of(newest));
    }

    private static StickyEvents limited(List<StoredEvent> sticky, long weight) {
        int from = 0;
        long left = weight;
        while (sticky.size() - from > RoomQueries.MOST_STICKY || left > MOST_BYTES) {
            left -= Weights.of(sticky.get(from++));
        }
        return sticky.isEmpty() ? NONE : new StickyEvents(List.copyOf(sticky.subList(from, sticky.size())), left);
    }

    /** A redacted event is not sticky any more. */
    StickyEvents without(EventId redacted) {
        return only(stored -> !stored.event().id().equals(redacted));
    }

    /** Those that are left when what comes before a place is purged. */
    StickyEvents from(RoomPlace begins) {
        return only(stored -> !stored.place().isBefore(begins));
    }

    private StickyEvents only(Predicate<StoredEvent> stays) {
        List<StoredEvent> others = events.stream().filter(stays).toList();
        return others.size() == events.size() ? this : of(others);
    }

    /**
     * Those after a number that are still sticky.
     *
     * @param now milliseconds since the epoch
     */
    public List<StoredEvent> after(long seq, long now) {
        return events.stream()
                .filter(stored -> stored.seq() > seq && isSticky(stored.event(), now))
                .toList();
    }

    private static boolean isSticky(RoomEvent event, long now) {
        return Stickiness.left(event.body(), event.timestamp(), now) > 0;
    }
}
