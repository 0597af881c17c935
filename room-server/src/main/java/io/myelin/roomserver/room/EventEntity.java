package io.myelin.roomserver.room;

import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.contracts.room.RoomFact.UnplacedReason;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/**
 * An event that is known.
 *
 * @param seq its number
 * @param standing null if it has its place in the room
 * @param stateBefore names the state before it; 0 for an outlier
 * @param place null if it has none
 * @param redactedBy the redaction that took effect before the event had its place; null if there is none, or if the event
 *     has long had its place
 * @param pdu as it was received
 */
public record EventEntity(
        RoomId room,
        long seq,
        @Nullable UnplacedReason standing,
        long stateBefore,
        @Nullable RoomPlace place,
        @Nullable RedactedBy redactedBy,
        Pdu pdu)
        implements RoomEntity {

    /** An event that has its place in the history. */
    EventEntity at(RoomPlace newPlace) {
        return new EventEntity(room, seq, null, stateBefore, newPlace, redactedBy, pdu);
    }

    /** The event, redacted by another before it has its place. */
    public EventEntity redacted(RedactedBy by) {
        return redactedBy == null ? new EventEntity(room, seq, standing, stateBefore, place, by, pdu) : this;
    }

    /** The event as states have it: pruned if it was redacted. */
    public Pdu read() {
        return redactedBy == null ? pdu : pdu.redacted();
    }

    public EventId id() {
        return pdu.eventId();
    }

    public UserId sender() {
        return pdu.sender();
    }

    public String type() {
        return pdu.type();
    }

    /** Null for an event that is not state. */
    public @Nullable String stateKey() {
        return pdu.stateKey();
    }

    /** Whether the event is shown, and new events may come after it. */
    public boolean isAccepted() {
        return standing == null;
    }

    /**
     * Whether other servers get the event when they ask for what comes before another one. Other servers may have accepted
     * an event that failed softly here, and accept events that come after it.
     */
    public boolean isServed() {
        return isAccepted() || standing == UnplacedReason.SOFT_FAILED;
    }

    /** Whether the event can be redacted: it has or is to get its place in the room, or a state may contain it. */
    public boolean isOfRoom() {
        return isAccepted() || isUnplaced() || standing == UnplacedReason.OUTLIER;
    }

    /** Whether the rules rejected the event: it changes no state, and permits no other event. */
    public boolean wasRejected() {
        return standing == UnplacedReason.REJECTED || standing == UnplacedReason.REJECTED_OUTLIER;
    }

    /** Whether nothing is known but the event itself, not even the state before it. */
    public boolean isOutlier() {
        return standing == UnplacedReason.OUTLIER || standing == UnplacedReason.REJECTED_OUTLIER;
    }

    /** Whether the event is part of the history but has no place there yet. */
    public boolean isUnplaced() {
        return standing == UnplacedReason.UNPLACED;
    }

    /** Names the state after it. */
    public long stateAfter() {
        return pdu.isState() && !wasRejected() ? seq : stateBefore;
    }
}
