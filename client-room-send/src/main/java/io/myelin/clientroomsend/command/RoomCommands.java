package io.myelin.clientroomsend.command;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomAnswer.Done;
import io.myelin.contracts.room.RoomAnswer.EventSent;
import io.myelin.contracts.room.RoomAnswer.EventsUnknown;
import io.myelin.contracts.room.RoomAnswer.PdusReceived;
import io.myelin.contracts.room.RoomAnswer.ProfileApplied;
import io.myelin.contracts.room.RoomAnswer.RedactedPruned;
import io.myelin.contracts.room.RoomAnswer.Refused;
import io.myelin.contracts.room.RoomAnswer.StateStaged;
import io.myelin.contracts.room.RoomCommand.OfEntity;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.id.EventId;
import io.myelin.web.MatrixException;
import org.jspecify.annotations.Nullable;

/** The way to room-server. */
@FunctionalInterface
public interface RoomCommands {
    int SERVER_ERROR = 500;

    /**
     * Has a command decided, and waits until that is committed.
     *
     * @param transaction the client's, if it has one: a command that was successful is not decided again
     * @throws MatrixException 429 if too many commands are under way, 413 if it is too large, 504 if no answer came until
     *     its deadline: it will not be executed any more, unless it was already
     */
    RoomAnswer execute(OfEntity command, @Nullable TransactionKey transaction);

    /**
     * As {@link #execute}, for a command that makes one event.
     *
     * @throws MatrixException also with what room-server refused it for
     */
    default EventId send(OfEntity command, @Nullable TransactionKey transaction) {
        return switch (execute(command, transaction)) {
            case EventSent sent -> sent.event();
            case Refused refused -> throw new MatrixException(refused.error());
            case Done _, ProfileApplied _, PdusReceived _, StateStaged _, EventsUnknown _, RedactedPruned _ ->
                throw new IllegalStateException("An event was to be sent, and room-server did something else.");
        };
    }

    /**
     * As {@link #execute}, for a command of which only the success matters.
     *
     * @throws MatrixException also with what room-server refused it for
     */
    default void perform(OfEntity command) {
        if (execute(command, null) instanceof Refused refused) {
            throw new MatrixException(refused.error());
        }
    }

    /**
     * As {@link #execute}, for a command that may be refused: nothing changes then, and its sender goes on.
     *
     * @throws MatrixException also if room-server failed at it
     */
    default void attempt(OfEntity command) {
        if (execute(command, null) instanceof Refused(MatrixError error) && error.status() >= SERVER_ERROR) {
            throw new MatrixException(error);
        }
    }
}
