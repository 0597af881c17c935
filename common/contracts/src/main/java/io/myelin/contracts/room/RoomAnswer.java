package io.myelin.contracts.room;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    @JsonSubTypes.Type(value = RoomAnswer.PolicySignatureNeeded.class, name = "policy"),
    @JsonSubTypes.Type(value = RoomAnswer.Refused.class, name = "refused"),
})
public sealed interface RoomAnswer {

    /**
     * The event is in the room; for state that was set already, the event that set it.
     *
     * @param replaced the room that the event's room says it replaces, if the event lets a user of this server into it; null
     *     otherwise
     */
    record EventSent(
            EventId event,
            Position at,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RoomId replaced)
            implements RoomAnswer {

        public EventSent(EventId event, Position at) {
            this(event, at, null);
        }
    }

    /** The command is carried out, as of this position. */
    record Done(RoomId room, Position at) implements RoomAnswer {}

    /** The shard knows the profile and is writing it into its rooms. */
    record ProfileApplied(Position at) implements RoomAnswer {}

    /**
     * The outcome for each event of other servers.
     *
     * @param pdus in the order of the command
     */
    record PdusReceived(List<ReceivedPdu> pdus, Position at) implements RoomAnswer {}

    /** @param state the name of the state that all pieces so far make up */
    record StateStaged(long state) implements RoomAnswer {}

    /** Nothing was staged: these events are not known here. */
    record EventsUnknown(List<EventId> events) implements RoomAnswer {}
    /** Some redacted events are pruned, and the others will be. */
    record RedactedPruned(Position at) implements RoomAnswer {}

    /**
     * Nothing has happened yet: the room's policy server must sign the event first. Only a writer whose command says that it
     * asks policy servers gets this answer.
     *
     * @param server the policy server
     * @param key its Ed25519 key by the room's state, 32 bytes
     * @param version of the room
     * @param event the event as it would be sent, as canonical JSON
     * @param state the name of the state that it is drafted on, for {@link PolicyCheck#state}
     */
    record PolicySignatureNeeded(
            ServerName server, byte[] key, String version, EventId id, byte[] event, long state) implements RoomAnswer {}

    record Refused(MatrixError error) implements RoomAnswer {}
}
