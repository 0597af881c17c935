package io.myelin.roomserver.storage;

import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import io.myelin.roomserver.storage.StateReplacementTable.Replacement;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The state that last replaced a room's current state as a whole, as of some number. Its places are not in the state
 * history: a place that has not changed since has the event that the state has there, if any.
 */
final class ReplacedState {

    /** Stands for a room whose state was never replaced. */
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

    private final JdbcClient jdbc;
    private final RoomRow room;
    private final long asOf;
    private final Replacement replacement;

    private ReplacedState(JdbcClient jdbc, RoomRow room, long asOf, Replacement replacement) {
        this.jdbc = jdbc;
        this.room = room;
        this.asOf = asOf;
        this.replacement = replacement;
    }

    static ReplacedState asOf(JdbcClient jdbc, RoomRow room, long seq) {
        List<Replacement> all = room.replaced() == 0 ? List.of() : StateReplacementTable.inRoom(jdbc, room, seq);
        return new ReplacedState(jdbc, room, seq, all.isEmpty() ? NEVER : all.getLast());
    }

    /** The number at which it became current; 0 if there is none and the state history has everything. */
    long since() {
        return replacement.seq();
    }

    /** The events of the replacing state that were still current. */
    List<Long> events() {
        return isNone() ? List.of() : stillThere(numbers().toList());
    }

    /** As above, only of these types. */
    List<Long> events(List<String> types) {
        return isNone() || types.isEmpty()
                ? List.of()
                : stillThere(within(jdbc.sql(OF_TYPES)
                        .params(
                                types.toArray(String[]::new),
                                room.shard(),
                                room.number(),
                                room.shard(),
                                room.number())));
    }

    /** As above, only at these places. */
    List<Long> events(List<String> types, List<String> stateKeys) {
        return isNone() || types.isEmpty()
                ? List.of()
                : stillThere(within(jdbc.sql(OF_PLACES)
                        .params(
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

    private EventNumbers numbers() {
        return new StoredStates(jdbc, room.shard()).events(replacement.state());
    }

    private List<Long> within(JdbcClient.StatementSpec candidates) {
        EventNumbers numbers = numbers();
        return candidates.query((row, _) -> row.getLong(1)).list().stream()
                .filter(numbers::contains)
                .toList();
    }

    private List<Long> stillThere(List<Long> events) {
        return jdbc.sql(STILL_THERE)
                .params(room.shard(), events.toArray(Long[]::new), since(), asOf)
                .query((row, _) -> row.getLong(1))
                .list();
    }
}
