package io.myelin.contracts.room;

import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.EventId;
import java.util.List;

/**
 * Events that relate to others, from which a reader chooses what it shows with these. None of them is redacted. Client-server
 * API, "Aggregations of child events".
 *
 * @param events in no order: the newest edits by the sender of what they edit, {@code m.reference}s, the newest events of
 *     threads, and the edits of the latter. At most {@link #MOST_BYTES} together
 * @param threads of those targets that have any {@code m.thread} events
 */
public record BundledEvents(List<StoredEvent> events, List<ThreadSize> threads) {
    /** How many references to one event an answer has at most, the newest. */
    public static final int MOST_REFERENCES = 50;

    /** How many of the newest events of a thread an answer has, for readers whose user does not see all of them. */
    public static final int NEWEST_OF_THREAD = 3;

    /** How many events of a thread are counted at most. */
    public static final int MOST_COUNTED = 10_000;

    /** How many bytes of bodies an answer has at most, unless a single event is larger. */
    public static final int MOST_BYTES = 4 << 20;

    /**
     * @param count the events of the thread without its root; counted up to {@value #MOST_COUNTED}
     * @param participated whether the viewer has sent one of them
     */
    public record ThreadSize(EventId root, long count, boolean participated) {}
}
