package io.myelin.postgres;

import io.myelin.engine.Numbered;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A service's own tables, as its store uses them. {@link #write} is called by the service's loop alone; the reading
 * methods by any thread, each with the client of one snapshot. They leave a
 * {@link org.springframework.dao.DataAccessException} to the store, which tells whether to ask again.
 *
 * @param <S> an entity's state
 * @param <F> a fact
 */
public interface ServiceTables<S, F> {

    /** The batch's statements, in the order in which they are executed. */
    List<TableRows> rows();

    /** Puts what a fact changes into the rows. */
    void write(int shard, Numbered<F> fact);

    /** What the log keeps of a fact; null if {@link #log} finds it without. */
    @Nullable
    LogEntry entry(F fact);

    /**
     * The log's next rows, in order. A service whose facts are each the newest row of one of its tables, which has its
     * number, reads them there: so what is overwritten leaves nothing behind.
     */
    default List<LogRow> log(JdbcClient jdbc, int shard, long after, int limit) {
        return jdbc.sql("SELECT seq, kind, reference FROM log WHERE shard = ? AND seq > ? ORDER BY seq LIMIT ?")
                .params(shard, after, limit)
                .query((row, _) -> new LogRow(row.getLong(1), row.getShort(2), row.getString(3)))
                .list();
    }

    /**
     * About how many bytes a fact may have. So many of them are made of log rows at once as are sure not to take much memory;
     * 0 if all are small.
     */
    default int heaviestFact() {
        return 0;
    }

    /** About how many bytes a fact has, where facts are not all small. */
    default long bytes(F fact) {
        return 0;
    }

    /** An entity's committed state. */
    S load(JdbcClient jdbc, int shard, String key);

    /** What entities that one query loads have in common; the key itself for one that is loaded alone. */
    default String kind(String key) {
        return key;
    }

    /** Whether loading entities of a {@link #kind} takes a processor for long, and does not only wait for the database. */
    default boolean computes(String kind) {
        return false;
    }

    /** The committed states of entities of one kind, by key. */
    default Map<String, S> load(JdbcClient jdbc, int shard, Collection<String> keys) {
        Map<String, S> states = new HashMap<>();
        for (String key : keys) {
            states.put(key, load(jdbc, shard, key));
        }
        return states;
    }

    /**
     * The facts of these log rows, in their order, as they were published. One whose rows were overwritten or deleted
     * since is left out.
     */
    List<Numbered<F>> facts(JdbcClient jdbc, int shard, List<LogRow> rows);
}
