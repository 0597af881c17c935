package io.myelin.roomserver.receive;

import io.myelin.matrix.id.EventId;
import io.myelin.roomserver.room.Conflict;
import io.myelin.roomserver.room.ForwardExtremities;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomState;
import java.util.Optional;
import java.util.Set;

/**
 * Limits how often a room may fork and how far its forks may differ. An event beyond a limit fails softly; events after it
 * are still taken.
 */
public final class ForksCheck {

    private ForksCheck() {}

    /**
     * @param covered the events that it comes after
     * @param stateAfter names the state after it
     */
    public static Optional<Failure> check(Room room, Set<EventId> covered, long stateAfter) {
        return ForwardExtremities.exceed(room.extremities(), covered, stateAfter)
                ? Optional.of(new Failure("The room goes on from " + ForwardExtremities.MOST
                        + " events already whose states differ, and this one comes after none of them."))
                : Optional.empty();
    }

    /**
     * @param covered the events that it comes after
     * @param before the state before it
     * @param stateAfter names the state after it
     * @param bytes of the event
     */
    public static Optional<Failure> checkConflict(
            Room room, Set<EventId> covered, RoomState before, long stateAfter, long bytes) {
        return Conflict.exceeds(room, covered, before, stateAfter, bytes)
                ? Optional.of(new Failure("After it the room would go on from states that differ by more than "
                        + Conflict.MOST + " bytes of events."))
                : Optional.empty();
    }
}
