package io.myelin.roomserver.room;

import io.myelin.matrix.event.Pdu;

/**
 * An event of a room's current state.
 *
 * @param seq its number in the shard
 * @param pdu as it reads now: pruned if it was redacted
 */
public record StateEvent(long seq, Pdu pdu) {}
