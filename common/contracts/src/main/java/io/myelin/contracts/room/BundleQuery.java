package io.myelin.contracts.room;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import java.util.List;

/**
 * What a reader wants to know of the events that relate to some others, to show it with these.
 *
 * @param targets the events that are shown
 * @param viewer the user to whom they are shown
 * @param ignored users whose events do not count; at most {@value #MOST_IGNORED} of them are looked at
 * @param until the number of the newest event that counts; {@code Long.MAX_VALUE} for all
 */
public record BundleQuery(List<EventId> targets, UserId viewer, List<UserId> ignored, long until) {
    public static final int MOST_IGNORED = 1_000;
}
