package io.myelin.roomserver.decide;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.room.RoomAdminCommand.DeleteHistory;
import io.myelin.contracts.room.RoomAdminCommand.PurgeHistory;
import io.myelin.contracts.room.RoomFact.HistoryPurged;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.matrix.id.RoomId;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.HistoryPurge;
import io.myelin.roomserver.room.HistorySlice;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Purges a room's history before an event. At one number of the shard it is hidden from everybody; then its events are
 * deleted, some at a time, so that the shard's other rooms go on meanwhile. A step that fails is ordered again by {@link
 * io.myelin.roomserver.deletion.PurgeResumption}.
 */
final class HistoryDecisions {

    List<Handler<?>> handlers() {
        return List.of(
                Handler.of(
                        PurgeHistory.class,
                        purge -> List.of(
                                EntityKey.of(purge.room()),
                                EntityKey.of(purge.upTo()),
                                EntityKey.ofHistoryPurge(purge.room())),
                        this::purge),
                Handler.of(
                        DeleteHistory.class,
                        delete -> List.of(
                                EntityKey.ofHistoryPurge(delete.room()),
                                EntityKey.ofHistorySlice(delete.created(), delete.purge(), delete.step())),
                        this::delete));
    }

    private Decision<RoomEntity, RoomChange> purge(Known known, PurgeHistory command, Moment moment) {
        RoomId id = command.room();
        Room room = known.room(id);
        if (room.closing()) {
            throw new Refusal(MatrixError.notFound("This room is being purged."));
        }
        Optional<HistoryPurge> before = known.historyPurge(id);
        if (before.filter(purge -> !purge.complete()).isPresent()) {
            throw new Refusal(400, "M_UNKNOWN", "The history of this room is being purged already.");
        }
        EventEntity event = known.event(command.upTo())
                .orElseThrow(() -> new Refusal(MatrixError.notFound("There is no such event in this room.")));
        if (!event.room().equals(id)) {
            throw new Refusal(400, "M_UNKNOWN", "The event is of another room.");
        }
        RoomPlace begins = event.place();
        if (begins == null
                || before.filter(purge -> begins.isBefore(purge.begins())).isPresent()) {
            throw new Refusal(MatrixError.notFound("The event has no place in the history of this room."));
        }
        HistoryPurged fact = new HistoryPurged(id, room.created(), begins.anchor(), begins.back());
        HistoryPurge purge = HistoryPurge.begun(room.created(), moment.seq(), begins, command.kept());
        return Outcome.done(
                id,
                Map.of(EntityKey.ofHistoryPurge(id), purge),
                List.of(new RoomChange.HistoryHidden(
                        fact,
                        command.kept(),
                        before.map(HistoryPurge::number).orElse(0L))),
                new Position(moment.shard(), moment.incarnation(), moment.seq()),
                List.of(next(id, purge, moment)));
    }

    /**
     * Deletes a slice of events. Loaded ones are dropped from memory with their rows. The room itself is not needed: the
     * slice leaves out the events that the room goes on from.
     */
    private Decision<RoomEntity, RoomChange> delete(Known known, DeleteHistory command, Moment moment) {
        RoomId id = command.room();
        Optional<HistoryPurge> current = known.historyPurge(id)
                .filter(purge -> purge.created() == command.created()
                        && purge.number() == command.purge()
                        && purge.step() == command.step()
                        && !purge.complete());
        if (current.isEmpty()) {
            return Outcome.already(id, Outcome.before(moment));
        }
        HistorySlice slice = known.slice(current.get());
        HistoryPurge after = current.get().after(slice);
        Map<String, RoomEntity> changes = new HashMap<>();
        changes.put(EntityKey.ofHistorySlice(command.created(), command.purge(), command.step()), new Absent());
        slice.ids().forEach(event -> changes.put(EntityKey.of(event), new Absent()));
        changes.put(EntityKey.ofHistoryPurge(id), after);
        return Outcome.done(
                id,
                changes,
                List.of(new RoomChange.HistoryDeleted(id, after, slice)),
                new Position(moment.shard(), moment.incarnation(), moment.seq()),
                after.complete() ? List.of() : List.of(next(id, after, moment)));
    }

    private static Order next(RoomId room, HistoryPurge purge, Moment moment) {
        DeleteHistory command = new DeleteHistory(room, purge.created(), purge.number(), purge.step());
        return new Order(RoomTopics.INPUT.name(), moment.shard(), Cbor.encode(command));
    }
}
