package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomQueries;
import io.myelin.postgres.LateIndexes;
import io.myelin.postgres.LateIndexes.Index;
import io.myelin.postgres.ServiceDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the events that are still sticky (MSC4354), by an index that {@code V14} has for small tables. */
public final class StoredStickyEvents {
    private static final List<Index> INDEXES = List.of(new Index(
            "event_sticky",
            "ON event (shard, room, sticky_until) WHERE sticky_until IS NOT NULL"));

    /** How many bytes of bodies of one room are found at most. */
    private static final int MOST_BYTES = 4 << 20;

    /** The newest ones, as long as they are few and small enough. */
    private static final String STICKY = """
            SELECT room, seq FROM (
                SELECT e.room, e.seq,
                       row_number() OVER newest AS count,
                       sum(octet_length(e.body)) OVER newest AS bytes
                  FROM event e
                 WHERE e.shard = ? AND e.room = ANY (?) AND e.back = 0 AND e.redacted_by IS NULL
                   AND e.sticky_until > (extract(epoch FROM now()) * 1000)::bigint
                   AND e.anchor >= coalesce(
                       (SELECT h.anchor FROM history_purge h WHERE h.shard = e.shard AND h.room = e.room), 0)
                WINDOW newest AS (PARTITION BY e.room ORDER BY e.seq DESC)) AS sticky
             WHERE count <= ? AND bytes <= ? ORDER BY seq""";

    private StoredStickyEvents() {}

    public static LateIndexes index(ServiceDatabase database) {
        return LateIndexes.of(database, INDEXES);
    }

    /** The numbers of the newest sticky events of each room that has any, in their order. */
    static Map<Long, long[]> of(JdbcClient jdbc, int shard, Long... rooms) {
        Map<Long, LongStream.Builder> found = new HashMap<>();
        jdbc.sql(STICKY).params(shard, rooms, RoomQueries.MOST_STICKY, MOST_BYTES).query(row -> {
            found.computeIfAbsent(row.getLong(1), _ -> LongStream.builder()).add(row.getLong(2));
        });
        Map<Long, long[]> all = new HashMap<>();
        found.forEach((room, numbers) -> all.put(room, numbers.build().toArray()));
        return all;
    }
}
