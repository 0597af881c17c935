package io.myelin.roomserver.room;

import java.util.List;

/**
 * A slice of the events that were redacted but still have their whole bodies, those redacted longest ago first.
 *
 * @param bodies what is to be left of their bodies
 * @param redactions the numbers of the redactions
 * @param isAll whether there are no more
 */
public record Unpruned(List<PrunedBody> bodies, List<Long> redactions, boolean isAll) implements RoomEntity {

    public static final Unpruned NOTHING = new Unpruned(List.of(), List.of(), true);
}
