package io.myelin.roomserver.storage;

import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers;
import io.myelin.roomserver.state.StateLayers.Difference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The states of one shard's rooms, as they are told from each other down to the empty one. */
public final class StoredStates {

    private static final String WAY = """
            WITH RECURSIVE way (state, step) AS (
                SELECT ?::bigint, 0
                UNION ALL
                SELECT coalesce(d.base, e.state, 0), w.step + 1
                  FROM way w
                  LEFT JOIN state_difference d ON d.shard = ? AND d.state = w.state
                  LEFT JOIN event e ON d.state IS NULL AND e.shard = ? AND e.seq = w.state
                 WHERE w.state <> 0)
            SELECT w.state, d.base, d.level, d.numbers, e.seq, e.state AS before, e.replaces
              FROM way w
              LEFT JOIN state_difference d ON d.shard = ? AND d.state = w.state
              LEFT JOIN event e ON d.state IS NULL AND e.shard = ? AND e.seq = w.state
             WHERE w.state <> 0
             ORDER BY w.step""";

    /** A state of which nothing is written down: the room cannot go on. */
    public static final class StateIsLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StateIsLost(long state) {
            super("Nothing is known of the state " + state);
        }
    }

    private final Connection connection;
    private final int shard;

    public StoredStates(Connection connection, int shard) {
        this.connection = connection;
        this.shard = shard;
    }

    /** From a state to the empty one, by differences that each lead to the next one's state. */
    List<Difference> way(long state) throws SQLException {
        return new Sql(connection, WAY, state, shard, shard, shard, shard).list(row -> {
            long here = row.getLong("state");
            byte @Nullable [] numbers = row.getBytes("numbers");
            if (numbers != null) {
                return new Difference(here, row.getLong("base"), row.getInt("level"), EventNumbers.parse(numbers));
            }
            if (row.getLong("seq") == 0) {
                throw new StateIsLost(here);
            }
            long replaces = row.getLong("replaces");
            return new Difference(
                    here,
                    row.getLong("before"),
                    0,
                    replaces == 0 ? EventNumbers.of(here) : EventNumbers.of(here, replaces));
        });
    }

    public StateLayers layers(long state) throws SQLException {
        return StateLayers.of(state, way(state));
    }

    /** The events that a state consists of. */
    public EventNumbers events(long state) throws SQLException {
        return events(way(state));
    }

    static EventNumbers events(List<Difference> way) {
        return EventNumbers.differenceOf(way.stream().map(Difference::numbers).toList());
    }
}
