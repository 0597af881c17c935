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
 * methods by any thread, each with the client of one snapshot. They let a {@link
 * org.springframework.dao.DataAccessException} pass to the store, which decides whether to try again.
 *
 * @param <S> an entity's state
 * @param <F> a fact
 */
public interface ServiceTables<S, F> {

    /** The batch's statements, in the order in which they are executed. */
    List<TableRows> rows();

    /** Puts what a fact changes into the rows. */
    void write(int shard, Numbered<F> fact);

    /** What the log keeps of a fact; null if {@link #log} finds the fact without an entry. */
    @Nullable
    LogEntry entry(F fact);

    /**
     * The log's next rows, in order. A service whose facts are each the newest row of one of its tables, with the
     * fact's number, reads them from that table instead; then an overwritten row leaves nothing in the log.
     */
    default List<LogRow> log(JdbcClient jdbc, int shard, long after, int limit) {
        return jdbc.sql("SELECT seq, kind, reference FROM log WHERE shard = ? AND seq > ? ORDER BY seq LIMIT ?")
                .params(shard, after, limit)
                .query((row, _) -> new LogRow(row.getLong(1), row.getShort(2), row.getString(3)))
                .list();
    }

    /**
     * About how many bytes a fact may have at most; 0 if all are small. It limits how many facts are read from log rows
     * at once, and so their memory.
     */
    default int heaviestFact() {
        return 0;
    }

    /** About how many bytes a fact has; 0 if all are small. */
    default long bytes(F fact) {
        return 0;
    }

    /** An entity's committed state. */
    S load(JdbcClient jdbc, int shard, String key);

    /**
     * The kind of an entity. One query loads all entities of a kind; the kind of an entity that is loaded alone is its
     * key.
     */
    default String kind(String key) {
        return key;
    }

    /** Whether loading entities of a {@link #kind} computes for long, rather than only waits for the database. */
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
     * The facts of these log rows, in their order, as they were published. A fact whose rows were overwritten or
     * deleted since is left out.
     */
    List<Numbered<F>> facts(JdbcClient jdbc, int shard, List<LogRow> rows);
}
