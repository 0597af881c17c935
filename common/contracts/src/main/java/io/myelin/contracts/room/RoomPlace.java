package io.myelin.contracts.room;

import java.util.Comparator;

/**
 * The place of an event in its room, which never changes. A live event is at {@code (seq, 0)}, where {@code seq} is the
 * number of the fact that placed it. History that was found later, just before it, is at {@code (seq, -1)} and below.
 *
 * @param anchor the number of a live event
 * @param back 0 for that event; less for history before it
 */
public record RoomPlace(long anchor, int back) implements Comparable<RoomPlace> {

    /** Before everything. */
    public static final RoomPlace BEGINNING = new RoomPlace(0, 0);

    /** After everything. */
    public static final RoomPlace END = new RoomPlace(Long.MAX_VALUE, 0);

    private static final Comparator<RoomPlace> OLDEST_FIRST =
            Comparator.comparingLong(RoomPlace::anchor).thenComparingInt(RoomPlace::back);

    /** The place of a live event. */
    public static RoomPlace live(long seq) {
        return new RoomPlace(seq, 0);
    }

    @Override
    public int compareTo(RoomPlace other) {
        return OLDEST_FIRST.compare(this, other);
    }

    public boolean isBefore(RoomPlace other) {
        return compareTo(other) < 0;
    }

    public boolean isHistory() {
        return back < 0;
    }
}
