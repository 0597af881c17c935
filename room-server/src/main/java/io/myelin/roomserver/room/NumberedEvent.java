package io.myelin.roomserver.room;

import io.myelin.matrix.event.Pdu;

/**
 * A state event, by its number.
 *
 * @param pdu as it reads now: pruned if it was redacted
 */
public record NumberedEvent(Pdu pdu) implements RoomEntity {}
