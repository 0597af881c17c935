package io.myelin.contracts.room;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a reader wants to know of the events that relate to some others, to show it with these.
 *
 * @param targets the events that are shown
 * @param viewer the user to whom they are shown
 * @param ignored users whose events do not count; at most {@value #MOST_IGNORED} of them are looked at
 * @param until the number of the newest event that counts; {@code Long.MAX_VALUE} for all
 * @param hidden where the viewer sees no messages, so that none count. From the {@value #MOST_HIDDEN}th on, everything
 *     up to the end of the last one is hidden
 */
public record BundleQuery(List<EventId> targets, UserId viewer, List<UserId> ignored, long until, List<Hidden> hidden) {
    public static final int MOST_IGNORED = 1_000;

    public static final int MOST_HIDDEN = 200;

    /** Numbers of events, both ends included. */
    public record Hidden(long first, long last) {}

    /** A reader of an earlier release says nothing of {@code hidden}. */
    public BundleQuery {
        hidden = bounded(Objects.requireNonNullElse(hidden, List.of()));
    }

    private static List<Hidden> bounded(List<Hidden> hidden) {
        if (hidden.size() <= MOST_HIDDEN) {
            return hidden;
        }
        List<Hidden> some = new ArrayList<>(hidden.subList(0, MOST_HIDDEN - 1));
        some.add(
                new Hidden(hidden.get(MOST_HIDDEN - 1).first(), hidden.getLast().last()));
        return some;
    }

    /** A viewer who sees the whole history up to a number. */
    public BundleQuery(List<EventId> targets, UserId viewer, List<UserId> ignored, long until) {
        this(targets, viewer, ignored, until, List.of());
    }
}
