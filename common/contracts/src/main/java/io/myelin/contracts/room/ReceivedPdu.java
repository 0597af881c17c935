package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.matrix.id.EventId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of receiving an event of another server. Server-server API, "Checks performed on receipt of a PDU". */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ReceivedPdu.Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = ReceivedPdu.SoftFailed.class, name = "soft-failed"),
    @JsonSubTypes.Type(value = ReceivedPdu.Rejected.class, name = "rejected"),
    @JsonSubTypes.Type(value = ReceivedPdu.Missing.class, name = "missing"),
    @JsonSubTypes.Type(value = ReceivedPdu.Postponed.class, name = "postponed"),
})
public sealed interface ReceivedPdu {

    /** The event is part of the room or, as an outlier, is stored. */
    record Accepted(EventId event) implements ReceivedPdu {}

    /**
     * The event is stored, but the room's current state does not permit it: clients do not see it, and no new event is to
     * come after it.
     */
    record SoftFailed(EventId event, String reason) implements ReceivedPdu {}

    /**
     * The event is malformed or not permitted.
     *
     * @param event null if it was malformed and dropped; nothing of it is stored then
     */
    record Rejected(@Nullable EventId event, String reason) implements ReceivedPdu {}

    /** The event cites events that are not known here. It is not stored and has to be sent again after them. */
    record Missing(EventId event, List<EventId> events) implements ReceivedPdu {}

    /**
     * The state that the event depends on is still being made from events that came with it, or those took all the work
     * that one command may take. The event is not stored and has to be sent again. The first event of a command is never
     * postponed because of the others' work.
     */
    record Postponed(EventId event) implements ReceivedPdu {}
}
