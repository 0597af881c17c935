package io.myelin.roomserver.storage;

import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.check.Findings;
import io.myelin.postgres.check.Invariant;
import io.myelin.postgres.check.SchemaSnapshot;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Each room's current state is the same by both ways on which it is told: by the chain of differences from the empty state,
 * and by the history of each of its places.
 */
final class CurrentStates implements Invariant {

    private static final int AT_ONCE = 1_000;
    private static final int MOST_TOLD = 5;

    private final RoomTables tables = new RoomTables();

    @Override
    public String name() {
        return "current-state-is-one";
    }

    @Override
    public String remedy() {
        return RoomInvariants.PURGE_OR_RESTORE;
    }

    @Override
    public void check(SchemaSnapshot snapshot, Findings found) throws SQLException {
        JdbcClient jdbc = snapshot.jdbc();
        snapshot.forEach("SELECT shard, room_id FROM room", AT_ONCE, row -> {
            int shard = row.getInt("shard");
            var room = new RoomId(row.getString("room_id"));
            try {
                Optional<RoomRow> known = tables.rooms.find(jdbc, shard, room);
                known.ifPresent(each -> check(jdbc, each, found));
            } catch (DataAccessException unreadable) {
                throw unreadable;
            } catch (RuntimeException broken) {
                found.add(place(shard, room), "its current state cannot be read: " + broken.getMessage());
            }
            return !found.isFull();
        });
    }

    private void check(JdbcClient jdbc, RoomRow room, Findings found) {
        long name = new StoredGraph(jdbc, room).currentState(tables);
        EventNumbers chain = new StoredStates(jdbc, room.shard()).events(name);
        EventNumbers places = EventNumbers.of(new StoredEvents(jdbc, room).stateNumbers(room.asOf(), null));
        EventNumbers difference = chain.difference(places);
        if (!difference.isEmpty()) {
            found.add(
                    place(room.shard(), room.id()),
                    "by the chain of its states and by the history of its places the current state differs by "
                            + difference.size() + " events, among them "
                            + difference.toList().stream().limit(MOST_TOLD).toList());
        }
    }

    private static String place(int shard, RoomId room) {
        return "shard " + shard + ", room " + room;
    }
}
