package io.myelin.roomserver.room;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import org.jspecify.annotations.Nullable;

/**
 * An event of a room that no other comes after yet, with what the next one says of it.
 *
 * @param seq its number
 * @param stateAfter names the state after it
 * @param referenceHash in versions 1 and 2, whose events cite it beside the ID; else null
 */
public record ForwardExtremity(EventId id, long seq, long depth, long stateAfter, byte @Nullable [] referenceHash) {

    public static ForwardExtremity of(long seq, Pdu event, long stateAfter) {
        boolean isCited = event.version().eventFormat().eventIdOnEvent();
        return new ForwardExtremity(
                event.eventId(), seq, event.depth(), stateAfter, isCited ? event.referenceHash() : null);
    }
}
