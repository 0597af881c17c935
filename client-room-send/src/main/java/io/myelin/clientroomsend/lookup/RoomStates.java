package io.myelin.clientroomsend.lookup;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.EventPages;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the state of rooms from room-server, so an answer includes everything that was answered before. The state decides
 * no command: room-server does that. It provides what a command needs, or answers a read.
 */
public final class RoomStates {
    private final RoomQueries rooms;

    public RoomStates(RoomQueries rooms) {
        this.rooms = rooms;
    }

    /** Empty if this server has no such room. */
    public Optional<RoomState> current(RoomId room, StateKey... wanted) {
        return current(room, List.of(wanted));
    }

    public Optional<RoomState> current(RoomId room, List<StateKey> wanted) {
        List<Wanted> all = new ArrayList<>(wanted.size() + 1);
        all.add(new Wanted(EventTypes.CREATE, ""));
        wanted.forEach(key -> all.add(new Wanted(key.type(), key.stateKey())));
        Map<StateKey, Pdu> events = new HashMap<>();
        for (StoredEvent stored : rooms.stateAt(room, Long.MAX_VALUE, all)) {
            Pdu event = parsed(stored);
            events.put(event.key(), event);
        }
        return events.containsKey(new StateKey(EventTypes.CREATE, ""))
                ? Optional.of(new RoomState(events))
                : Optional.empty();
    }

    /** The state events of a type, with any state key. */
    public List<Pdu> ofType(RoomId room, String type) {
        List<Pdu> events = new ArrayList<>();
        long[] numbers = rooms.stateNumbers(room, Long.MAX_VALUE, type);
        EventPages.forEach(rooms, room, numbers, stored -> events.add(parsed(stored)));
        return events;
    }

    /** @throws MatrixException 404 if this server has no such room */
    public RoomState require(RoomId room, StateKey... wanted) {
        return current(room, wanted).orElseThrow(() -> unknown(room));
    }

    public static MatrixException unknown(RoomId room) {
        return new MatrixException(MatrixError.notFound("This server does not know the room " + room + "."));
    }

    private static Pdu parsed(StoredEvent stored) {
        var event = stored.event();
        RoomVersion version = RoomVersions.find(event.version())
                .orElseThrow(() -> new IllegalStateException(
                        "Room " + event.room() + " is of version " + event.version() + ", which is unknown here."));
        return Pdu.stored(version, event.id(), event.body());
    }
}
