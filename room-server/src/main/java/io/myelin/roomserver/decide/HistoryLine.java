package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.id.EventId;
import io.myelin.roomserver.receive.Failure;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.HistoryBefore;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events of a room's history that get their places together. Events that are inserted before the same live event later get
 * places below these.
 */
final class HistoryLine {

    /** Where the events of a command for history get their places. */
    private record Target(String key, long anchor, HistoryBefore history) {

        /** The place that the newest of these events will have. */
        RoomPlace end() {
            return new RoomPlace(anchor, history.lowest() - 1);
        }
    }

    private final @Nullable Target target;
    private final Map<EventId, EventEntity> events = new LinkedHashMap<>();
    private final Map<String, RoomEntity> changes = new HashMap<>();

    /** @throws Refusal if the live event that the history comes before has no place in the room */
    HistoryLine(Known known, ReceivePdus command, Optional<Room> room) {
        target = command.placement() == Placement.HISTORY ? target(known, command, room) : null;
    }

    private static Target target(Known known, ReceivePdus command, Optional<Room> room) {
        RoomPlace before = Optional.ofNullable(command.before())
                .flatMap(known::event)
                .filter(event -> event.room().equals(command.room()))
                .map(EventEntity::place)
                .orElseThrow(
                        () -> new Refusal(MatrixError.notFound("The room has no event before which this belongs.")));
        String key = EntityKey.ofHistory(room.orElseThrow().created(), before.anchor());
        return new Target(key, before.anchor(), known.history(key));
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    boolean has(EventId event) {
        return events.containsKey(event);
    }

    /** Checks that an event with these {@code prev_events} can have a place here: none of them may stand above it. */
    Optional<Failure> check(List<EventEntity> prevEvents) {
        boolean isOutOfOrder = prevEvents.stream()
                .map(EventEntity::place)
                .anyMatch(
                        place -> place != null && target != null && target.end().isBefore(place));
        return isOutOfOrder
                ? Optional.of(new Failure("It comes after events that stand above its place in the history."))
                : Optional.empty();
    }

    void add(EventEntity event) {
        events.put(event.id(), event);
    }

    /** Postpones an event that was accepted, since it waits for the others. */
    ReceivedPdu orPostponed(ReceivedPdu received) {
        return received instanceof ReceivedPdu.Accepted(EventId event) && has(event)
                ? new ReceivedPdu.Postponed(event)
                : received;
    }

    /** Gives all events their places. */
    List<EventEntity> insertInto(RoomEdit edit) {
        if (target == null) {
            throw new IllegalStateException("There is no place for history");
        }
        changes.put(target.key(), new HistoryBefore(target.history().lowest() - events.size()));
        return edit.insert(List.copyOf(events.values()), target.anchor(), target.history());
    }

    Map<String, RoomEntity> changes() {
        return changes;
    }
}
