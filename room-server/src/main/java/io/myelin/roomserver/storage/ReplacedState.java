package io.myelin.roomserver.storage;

import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import io.myelin.roomserver.storage.StateReplacementTable.Replacement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The state that a room's current one was replaced by as a whole, most recently as of some number. Nobody has written down
 * each of its places: a place that nothing has come to since has the event that is in the state, if any is.
 */
final class ReplacedState {

    /** Of a room whose state was never replaced. */
    private static final Replacement NEVER = new Replacement(0, 0);

    private static final String OF_TYPES = """
            SELECT e.seq FROM unnest(?) AS w (type), LATERAL (
                SELECT seq FROM event WHERE shard = ? AND room = ? AND type = w.type AND standing IS NULL
                 UNION ALL
                SELECT seq FROM event WHERE shard = ? AND room = ? AND type = w.type AND standing IS NOT NULL) e""";

    private static final String OF_PLACES = """
            SELECT e.seq FROM unnest(?, ?) AS w (type, state_key), LATERAL (
                SELECT seq FROM event WHERE shard = ? AND room = ? AND type = w.type AND state_key = w.state_key
                   AND standing IS NULL
                 UNION ALL
                SELECT seq FROM event WHERE shard = ? AND room = ? AND type = w.type AND state_key = w.state_key
                   AND standing IS NOT NULL) e""";

    private static final String STILL_THERE = """
            SELECT e.seq FROM event e
             WHERE e.shard = ? AND e.seq = ANY (?) AND NOT EXISTS (
                   SELECT FROM state_history h
                    WHERE h.shard = e.shard AND h.room = e.room AND h.type = e.type AND h.state_key = e.state_key
                      AND h.seq > ? AND h.seq <= ?)""";

    private final Connection connection;
    private final RoomRow room;
    private final long asOf;
    private final Replacement replacement;

    private ReplacedState(Connection connection, RoomRow room, long asOf, Replacement replacement) {
        this.connection = connection;
        this.room = room;
        this.asOf = asOf;
        this.replacement = replacement;
    }

    static ReplacedState asOf(Connection connection, RoomRow room, long seq) throws SQLException {
        List<Replacement> all = room.replaced() == 0 ? List.of() : StateReplacementTable.inRoom(connection, room, seq);
        return new ReplacedState(connection, room, seq, all.isEmpty() ? NEVER : all.getLast());
    }

    /** The number from which on it was; 0 if there is none, and the history alone tells all. */
    long since() {
        return replacement.seq();
    }

    /** What of it was still there. */
    List<Long> events() throws SQLException {
        return isNone() ? List.of() : stillThere(numbers().toList());
    }

    /** As above, of these types. */
    List<Long> events(List<String> types) throws SQLException {
        return isNone() || types.isEmpty()
                ? List.of()
                : stillThere(within(new Sql(
                        connection,
                        OF_TYPES,
                        types.toArray(String[]::new),
                        room.shard(),
                        room.number(),
                        room.shard(),
                        room.number())));
    }

    /** As above, of these places. */
    List<Long> events(List<String> types, List<String> stateKeys) throws SQLException {
        return isNone() || types.isEmpty()
                ? List.of()
                : stillThere(within(new Sql(
                        connection,
                        OF_PLACES,
                        types.toArray(String[]::new),
                        stateKeys.toArray(String[]::new),
                        room.shard(),
                        room.number(),
                        room.shard(),
                        room.number())));
    }

    private boolean isNone() {
        return replacement.equals(NEVER);
    }

    private EventNumbers numbers() throws SQLException {
        return new StoredStates(connection, room.shard()).events(replacement.state());
    }

    private List<Long> within(Sql candidates) throws SQLException {
        EventNumbers numbers = numbers();
        return candidates.list(row -> row.getLong(1)).stream()
                .filter(numbers::contains)
                .toList();
    }

    private List<Long> stillThere(List<Long> events) throws SQLException {
        return new Sql(connection, STILL_THERE, room.shard(), events.toArray(Long[]::new), since(), asOf)
                .list(row -> row.getLong(1));
    }
}
