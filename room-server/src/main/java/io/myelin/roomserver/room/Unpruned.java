package io.myelin.roomserver.room;

import java.util.List;

/**
 * Events whose bodies are still whole although they were redacted: some, the longest ago first.
 *
 * @param bodies what is to be left of them
 * @param redactions the numbers of the redactions
 * @param isAll whether there are no more
 */
public record Unpruned(List<PrunedBody> bodies, List<Long> redactions, boolean isAll) implements RoomEntity {

    public static final Unpruned NOTHING = new Unpruned(List.of(), List.of(), true);
}
