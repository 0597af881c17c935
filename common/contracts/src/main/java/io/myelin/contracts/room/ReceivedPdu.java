package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.matrix.id.EventId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of an event of another server. Server-server API, "Checks performed on receipt of a PDU". */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ReceivedPdu.Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = ReceivedPdu.SoftFailed.class, name = "soft-failed"),
    @JsonSubTypes.Type(value = ReceivedPdu.Rejected.class, name = "rejected"),
    @JsonSubTypes.Type(value = ReceivedPdu.Missing.class, name = "missing"),
    @JsonSubTypes.Type(value = ReceivedPdu.Postponed.class, name = "postponed"),
})
public sealed interface ReceivedPdu {

    /** It is part of the room; of an outlier: it is kept. */
    record Accepted(EventId event) implements ReceivedPdu {}

    /** It is kept, but the room as it is now would not have it: nobody is shown it, and nothing is to come after it. */
    record SoftFailed(EventId event, String reason) implements ReceivedPdu {}

    /**
     * It is none, or may not be.
     *
     * @param event null if it was dropped as none: nothing of it is kept
     */
    record Rejected(@Nullable EventId event, String reason) implements ReceivedPdu {}

    /** It cites events that are not known here. It is not kept: to be sent again after them. */
    record Missing(EventId event, List<EventId> events) implements ReceivedPdu {}

    /**
     * What it rests on is being made from events that came with it, or those took as much work as one command may. It is not
     * kept: to be sent again. The first event of a command is never postponed for what the others cost.
     */
    record Postponed(EventId event) implements ReceivedPdu {}
}
