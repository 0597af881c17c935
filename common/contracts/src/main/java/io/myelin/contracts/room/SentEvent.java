package io.myelin.contracts.room;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/**
 * The event itself, which is the same on every server.
 *
 * @param stateKey null for an event that is not state
 * @param timestamp milliseconds since the epoch, by the clock of the sender's server
 * @param body the event as canonical JSON with hashes and signatures, up to room version 5 with any JSON number; clients
 *     get the content in it
 */
public record SentEvent(
        EventId id, String type, @Nullable String stateKey, UserId sender, long timestamp, byte[] body) {

    public static SentEvent of(Pdu event) {
        return new SentEvent(
                event.eventId(), event.type(), event.stateKey(), event.sender(), event.originServerTs(), event.bytes());
    }

    /** The same event with another stored body. */
    public SentEvent withBody(byte[] other) {
        return new SentEvent(id, type, stateKey, sender, timestamp, other);
    }
}
