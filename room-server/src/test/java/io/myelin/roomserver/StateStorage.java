package io.myelin.roomserver;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The size of room-server's tables on the disk with their indexes, as PostgreSQL reports it.
 *
 * @param stateEvents how many state events there are
 * @param state the bytes that exist for states alone, by table
 * @param all the bytes of everything, by table
 */
record StateStorage(long events, long stateEvents, Map<String, Long> state, Map<String, Long> all) {

    /**
     * The tables of states, the indexes that find the events of a place, and the columns of events that have no other
     * purpose.
     */
    private static final String STATE = """
            SELECT relname, pg_total_relation_size(oid) FROM pg_class
             WHERE relname IN ('state_difference', 'state_change', 'room_head') AND relkind = 'r'
               AND relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT 'index ' || relname, pg_total_relation_size(oid) FROM pg_class
             WHERE relname IN ('event_state', 'event_state_aside')
               AND relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT 'columns replaces, state and rests_on of event',
                   coalesce(sum(pg_column_size(replaces)), 0) + coalesce(sum(pg_column_size(state)), 0)
                       + coalesce(sum(pg_column_size(rests_on)), 0) FROM event
            UNION ALL
            SELECT 'columns type, state_key and standing of event',
                   coalesce(sum(pg_column_size(type)), 0) + coalesce(sum(pg_column_size(state_key)), 0)
                       + coalesce(sum(pg_column_size(standing)), 0) FROM event""";

    private static final String ALL = """
            SELECT relname, pg_table_size(oid) FROM pg_class
             WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT 'index ' || relname, pg_total_relation_size(oid) FROM pg_class
             WHERE relkind = 'i' AND relnamespace = current_schema()::regnamespace
             ORDER BY 2 DESC""";

    private static final String COUNTS = "SELECT count(*), count(type) FROM event";

    static StateStorage read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Map<String, Long> state = sizes(statement, STATE);
            Map<String, Long> all = sizes(statement, ALL);
            try (ResultSet counts = statement.executeQuery(COUNTS)) {
                counts.next();
                return new StateStorage(counts.getLong(1), counts.getLong(2), state, all);
            }
        }
    }

    private static Map<String, Long> sizes(Statement statement, String query) throws SQLException {
        Map<String, Long> sizes = new LinkedHashMap<>();
        try (ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                sizes.put(row.getString(1), row.getLong(2));
            }
        }
        return sizes;
    }

    double bytesOfAChange() {
        return (double) sum(state) / stateEvents;
    }

    double bytesOfAnEvent() {
        return (double) sum(all) / events;
    }

    private static long sum(Map<String, Long> sizes) {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Prints all figures except those of less than a byte for each change. */
    void print() {
        System.out.printf("%,d events, %,d of them state%n", events, stateEvents);
        System.out.printf("state: %.0f bytes a change, namely%n", bytesOfAChange());
        print(state, stateEvents);
        System.out.printf("everything: %.0f bytes an event, namely%n", bytesOfAnEvent());
        print(all, events);
    }

    private static void print(Map<String, Long> sizes, long count) {
        sizes.forEach((name, size) -> {
            if (size >= count) {
                System.out.printf("  %-50s %,14d %8.1f%n", name, size, (double) size / count);
            }
        });
    }
}
