package io.myelin.postgres;

import io.myelin.engine.Numbered;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A service's own tables, as its store uses them. {@link #write} is called by the service's loop alone; the reading
 * methods by any thread, each with a connection that shows one snapshot.
 *
 * @param <S> an entity's state
 * @param <F> a fact
 */
public interface ServiceTables<S, F> {

    /** The batch's statements, in the order in which they are executed. */
    List<TableRows> rows();

    /** Puts what a fact changes into the rows. */
    void write(int shard, Numbered<F> fact);

    /** What the log keeps of a fact. */
    LogEntry entry(F fact);

    /** An entity's committed state. */
    S load(Connection connection, int shard, String key) throws SQLException;

    /** What entities that one query loads have in common; the key itself for one that is loaded alone. */
    default String kind(String key) {
        return key;
    }

    /** The committed states of entities of one kind, by key. */
    default Map<String, S> load(Connection connection, int shard, Collection<String> keys) throws SQLException {
        Map<String, S> states = new HashMap<>();
        for (String key : keys) {
            states.put(key, load(connection, shard, key));
        }
        return states;
    }

    /**
     * The facts of these log rows, in their order, as they were published. One whose rows were overwritten or deleted
     * since is left out.
     */
    List<Numbered<F>> facts(Connection connection, int shard, List<LogRow> rows) throws SQLException;
}
