package io.myelin.clientroomsend;

import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomShutdown;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What administrators have done to the rooms of a fake room-server, as the test says. */
public abstract class FakeAdministration implements RoomQueries {
    private final Map<RoomId, HistoryPurge> historyPurges = new HashMap<>();
    private final Map<RoomId, RoomShutdown> shutdowns = new HashMap<>();
    private final Map<RoomId, UserId> blocks = new HashMap<>();

    void resetAdministration() {
        historyPurges.clear();
        shutdowns.clear();
        blocks.clear();
    }

    /** Sets the newest purge of the room's history. */
    public void historyPurged(RoomId room, long number, boolean complete) {
        historyPurges.put(room, new HistoryPurge(number, complete));
    }

    @Override
    public Optional<HistoryPurge> historyPurgeOf(RoomId room) {
        return Optional.ofNullable(historyPurges.get(room));
    }

    /** Sets the newest shutdown of the room. */
    public void shutDown(RoomId room, RoomShutdown shutdown) {
        shutdowns.put(room, shutdown);
    }

    @Override
    public Optional<RoomShutdown> shutdownOf(RoomId room) {
        return Optional.ofNullable(shutdowns.get(room));
    }

    /** Blocks the room. */
    public void blocked(RoomId room, UserId by) {
        blocks.put(room, by);
    }

    @Override
    public Optional<UserId> blockedBy(RoomId room) {
        return Optional.ofNullable(blocks.get(room));
    }
}
