package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import java.util.List;

/** How room-server answers a command. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RoomAnswer.EventSent.class, name = "sent"),
    @JsonSubTypes.Type(value = RoomAnswer.Done.class, name = "done"),
    @JsonSubTypes.Type(value = RoomAnswer.ProfileApplied.class, name = "applied"),
    @JsonSubTypes.Type(value = RoomAnswer.PdusReceived.class, name = "received"),
    @JsonSubTypes.Type(value = RoomAnswer.StateStaged.class, name = "staged"),
    @JsonSubTypes.Type(value = RoomAnswer.EventsUnknown.class, name = "unknown-events"),
    @JsonSubTypes.Type(value = RoomAnswer.RedactedPruned.class, name = "pruned"),
    @JsonSubTypes.Type(value = RoomAnswer.Refused.class, name = "refused"),
})
public sealed interface RoomAnswer {

    /** The event is in the room; for state that was so already, the event that made it so. */
    record EventSent(EventId event, Position at) implements RoomAnswer {}

    /** It is so, as of this position. */
    record Done(RoomId room, Position at) implements RoomAnswer {}

    /** A profile is noted, and on its way into the rooms of the shard. */
    record ProfileApplied(Position at) implements RoomAnswer {}

    /**
     * What became of events of other servers.
     *
     * @param pdus in the order of the command
     */
    record PdusReceived(List<ReceivedPdu> pdus, Position at) implements RoomAnswer {}

    /** @param state names the state of all pieces so far */
    record StateStaged(long state) implements RoomAnswer {}

    /** Nothing was staged: these events are not known here. */
    record EventsUnknown(List<EventId> events) implements RoomAnswer {}
    /** Some of what was redacted is pruned, and the rest of it will be. */
    record RedactedPruned(Position at) implements RoomAnswer {}

    record Refused(MatrixError error) implements RoomAnswer {}
}
