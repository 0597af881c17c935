package io.myelin.contracts.room;

import io.myelin.matrix.id.EventId;
import org.jspecify.annotations.Nullable;

/**
 * Events that relate to one event, strictly between two places of the room. None of them is redacted.
 *
 * @param relType the wanted {@code rel_type}; null for any
 * @param type the wanted type of the events; null for any
 * @param depth how many relations may lie between an event and the target, at least 1, at most {@value #MOST_DEPTH}. Of each
 *     level but the last, the newest {@value #MOST_OF_LEVEL} events are followed
 * @param backward newest first, beginning below {@code before}; else oldest first, beginning above {@code after}
 */
public record RelatedQuery(
        EventId target,
        @Nullable String relType,
        @Nullable String type,
        int depth,
        RoomPlace after,
        RoomPlace before,
        boolean backward,
        int limit) {
    public static final int MOST_DEPTH = 3;
    public static final int MOST_OF_LEVEL = 1_000;

    /** The same question for what lies beyond a place. */
    public RelatedQuery after(RoomPlace place) {
        return new RelatedQuery(target, relType, type, depth, place, before, backward, limit);
    }

    /** The same question for what lies before a place. */
    public RelatedQuery before(RoomPlace place) {
        return new RelatedQuery(target, relType, type, depth, after, place, backward, limit);
    }
}
