package io.myelin.roomserver;

import io.myelin.contracts.room.EventPages;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.RoomId;
import java.util.List;

/** Reads whole states and timelines of small rooms as readers do: the numbers first, then the events in pages. */
final class Snapshots {

    private Snapshots() {}

    /** The newest live events, oldest first. */
    static List<StoredEvent> timeline(RoomQueries queries, RoomId room, int limit) {
        return EventPages.all(
                queries, room, queries.room(room, limit).orElseThrow().timeline());
    }

    static List<StoredEvent> state(RoomQueries queries, RoomId room, long seq) {
        return EventPages.all(queries, room, queries.stateNumbers(room, seq, null));
    }

    /** All events of a named state. */
    static List<StoredEvent> named(RoomQueries queries, RoomId room, long state) {
        return EventPages.all(queries, room, queries.inState(room, state));
    }
}
