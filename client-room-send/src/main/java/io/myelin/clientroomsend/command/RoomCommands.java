package io.myelin.clientroomsend.command;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomAnswer.Done;
import io.myelin.contracts.room.RoomAnswer.EventSent;
import io.myelin.contracts.room.RoomAnswer.EventsUnknown;
import io.myelin.contracts.room.RoomAnswer.PdusReceived;
import io.myelin.contracts.room.RoomAnswer.PolicySignatureNeeded;
import io.myelin.contracts.room.RoomAnswer.ProfileApplied;
import io.myelin.contracts.room.RoomAnswer.RedactedPruned;
import io.myelin.contracts.room.RoomAnswer.Refused;
import io.myelin.contracts.room.RoomAnswer.StateStaged;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.OfEntity;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.id.EventId;
import io.myelin.web.MatrixException;
import org.jspecify.annotations.Nullable;

/** Sends commands to room-server. */
@FunctionalInterface
public interface RoomCommands {
    int SERVER_ERROR = 500;

    /**
     * Sends a command and waits until its decision is committed.
     *
     * @param transaction the client's transaction, if it has one: a command that succeeded is not decided again
     * @throws MatrixException 429 if too many commands are waiting, 413 if the command is too large, 504 if no answer came
     *     until its deadline: after that the command is not executed any more, but it may have been executed before
     */
    RoomAnswer execute(OfEntity command, @Nullable TransactionKey transaction);

    /**
     * As {@link #execute}, for a command that creates one event.
     *
     * @throws MatrixException also if room-server refused the command
     */
    default EventId send(OfEntity command, @Nullable TransactionKey transaction) {
        return switch (execute(command, transaction)) {
            case EventSent sent -> sent.event();
            case Refused refused -> throw new MatrixException(refused.error());
            case Done _,
                    ProfileApplied _,
                    PdusReceived _,
                    StateStaged _,
                    EventsUnknown _,
                    RedactedPruned _,
                    PolicySignatureNeeded _ ->
                throw new IllegalStateException("An event was to be sent, and room-server did something else.");
        };
    }

    /**
     * As {@link #execute}, for a command whose answer has no content.
     *
     * @throws MatrixException also if room-server refused the command
     */
    default void perform(OfEntity command) {
        if (execute(command, null) instanceof Refused refused) {
            throw new MatrixException(refused.error());
        }
    }

    /**
     * As {@link #execute}, for a command whose refusal is ignored: then nothing changes, and the caller goes on.
     *
     * @throws MatrixException also if room-server failed to execute the command
     */
    default void attempt(OfEntity command) {
        if (execute(command, null) instanceof Refused(MatrixError error) && error.status() >= SERVER_ERROR) {
            throw new MatrixException(error);
        }
    }
}
