package io.myelin.roomserver.storage;

import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers.Difference;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the states of one shard's rooms, each by its chain of differences from the empty state. */
public final class StoredStates {

    /**
     * If a state is stored twice, the difference of the higher level is used. Damaged rows could lead round in a circle, so the way
     * ends after many more steps than any state needs. The limit of one row makes the planner do one look-up for
     * each step: it expects ten states at each step where there is one, and would otherwise read whole tables.
     */
    private static final String WAY = """
            WITH RECURSIVE way (step, state, base, level, steps, numbers, replaces) AS (
                SELECT 0, 0::bigint, ?::bigint, 0, 0, NULL::bytea, NULL::bigint
                UNION ALL
                SELECT w.step + 1, w.base, told.base, told.level, told.steps, told.numbers, told.replaces
                  FROM way w CROSS JOIN LATERAL (
                       SELECT d.base, d.level, d.steps, d.numbers, NULL::bigint AS replaces
                         FROM state_difference d WHERE d.shard = ? AND d.state = w.base
                       UNION ALL
                       SELECT coalesce(e.state, 0), 0, 1, NULL, e.replaces
                         FROM event e WHERE e.shard = ? AND e.seq = w.base
                       ORDER BY level DESC LIMIT 1) told
                 WHERE w.base <> 0 AND w.step < 10000)
            SELECT state, base, level, steps, numbers, replaces FROM way WHERE step > 0 ORDER BY step""";

    /** A state has no row in the tables, so the room cannot go on. */
    public static final class StateIsLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StateIsLost(long state) {
            super("Nothing is known of the state " + state);
        }
    }

    private final JdbcClient jdbc;
    private final int shard;

    public StoredStates(JdbcClient jdbc, int shard) {
        this.jdbc = jdbc;
        this.shard = shard;
    }

    /** The differences that lead from a state to the empty one, each to the state of the next. */
    List<Difference> way(long state) {
        List<Difference> way = jdbc.sql(WAY)
                .params(state, shard, shard)
                .query((row, _) -> {
                    long here = row.getLong("state");
                    byte @Nullable [] numbers = row.getBytes("numbers");
                    long replaces = row.getLong("replaces");
                    return new Difference(
                            here,
                            row.getLong("base"),
                            row.getInt("level"),
                            row.getInt("steps"),
                            numbers != null
                                    ? EventNumbers.parse(numbers)
                                    : replaces == 0 ? EventNumbers.of(here) : EventNumbers.of(here, replaces));
                })
                .list();
        long end = way.isEmpty() ? state : way.getLast().base();
        if (end != 0) {
            throw new StateIsLost(end);
        }
        return way;
    }

    /** The events that a state consists of. */
    public EventNumbers events(long state) {
        return events(way(state));
    }

    static EventNumbers events(List<Difference> way) {
        return EventNumbers.differenceOf(way.stream().map(Difference::numbers).toList());
    }
}
