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
            "ON event (shard, room, sticky_until(body))"
                    + " WHERE sticky_until(body) IS NOT NULL AND anchor IS NOT NULL"));

    private static final String STICKY = """
            SELECT room, seq FROM (
                SELECT room, seq, row_number() OVER (PARTITION BY room ORDER BY seq DESC) AS newest FROM event
                 WHERE shard = ? AND room = ANY (?) AND anchor IS NOT NULL AND back = 0
                   AND sticky_until(body) > (extract(epoch FROM now()) * 1000)::bigint
                   AND NOT EXISTS (SELECT FROM history_purge h
                                    WHERE h.shard = event.shard AND h.room = event.room AND event.anchor < h.anchor)) AS sticky
             WHERE newest <= ? ORDER BY seq""";

    private StoredStickyEvents() {}

    public static LateIndexes index(ServiceDatabase database) {
        return LateIndexes.of(database, INDEXES);
    }

    /** The numbers of the newest sticky events of each room that has any, in their order. */
    static Map<Long, long[]> of(JdbcClient jdbc, int shard, Long... rooms) {
        Map<Long, LongStream.Builder> found = new HashMap<>();
        jdbc.sql(STICKY).params(shard, rooms, RoomQueries.MOST_STICKY).query(row -> {
            found.computeIfAbsent(row.getLong(1), _ -> LongStream.builder()).add(row.getLong(2));
        });
        Map<Long, long[]> all = new HashMap<>();
        found.forEach((room, numbers) -> all.put(room, numbers.build().toArray()));
        return all;
    }
}
