package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.event.Stickiness;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The newest sticky events of a room (MSC4354), oldest first. They may have ended since; who reads them says what time it is. A
 * room has at most {@link RoomQueries#MOST_STICKY}, of {@link #MOST_BYTES}: beyond, whoever has most of them
 * loses their oldest, so nobody pushes out what others have sent.
 *
 * @param weight on the heap, about
 */
public record StickyEvents(List<StoredEvent> events, long weight) {
    public static final StickyEvents NONE = new StickyEvents(List.of(), 0);

    /** The largest weight of a room's sticky events. */
    static final long MOST_BYTES = 1 << 20;

    private static final int COUNT = 0;
    private static final int BYTES = 1;

    static boolean isSticky(StoredEvent stored) {
        return stored.redactedBecause() == null
                && !stored.place().isHistory()
                && Stickiness.duration(stored.event().body()).orElse(0) > 0;
    }

    static StickyEvents of(List<StoredEvent> sticky) {
        List<StoredEvent> left = new ArrayList<>(sticky);
        Map<UserId, long[]> shares = new HashMap<>();
        long weight = 0;
        for (StoredEvent stored : left) {
            weight += Weights.of(stored);
            add(shares, stored, 1);
        }
        while (left.size() > RoomQueries.MOST_STICKY || weight > MOST_BYTES) {
            UserId most = heaviest(shares, weight > MOST_BYTES ? BYTES : COUNT);
            int oldest = 0;
            while (!left.get(oldest).event().sender().equals(most)) {
                oldest++;
            }
            StoredEvent leaving = left.remove(oldest);
            weight -= Weights.of(leaving);
            add(shares, leaving, -1);
        }
        return left.isEmpty() ? NONE : new StickyEvents(List.copyOf(left), weight);
    }

    private static void add(Map<UserId, long[]> shares, StoredEvent stored, int sign) {
        long[] share = shares.computeIfAbsent(stored.event().sender(), _ -> new long[2]);
        share[COUNT] += sign;
        share[BYTES] += sign * Weights.of(stored);
    }

    private static UserId heaviest(Map<UserId, long[]> shares, int by) {
        return shares.entrySet().stream()
                .max(Comparator.comparingLong(share -> share.getValue()[by]))
                .orElseThrow()
                .getKey();
    }

    /** These, without those that have ended, and a newer event; these alone if that is not sticky. */
    StickyEvents with(StoredEvent newest) {
        if (!isSticky(newest)) {
            return this;
        }
        long now = Math.min(newest.event().timestamp(), System.currentTimeMillis());
        List<StoredEvent> more = new ArrayList<>(events.size() + 1);
        events.stream().filter(stored -> isSticky(stored.event(), now)).forEach(more::add);
        more.add(newest);
        return of(more);
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
