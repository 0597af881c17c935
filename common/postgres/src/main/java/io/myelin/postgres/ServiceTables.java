package io.myelin.postgres;

import io.myelin.engine.Numbered;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

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

    /**
     * The facts of these log rows, in their order, as they were published. One whose rows were overwritten or deleted
     * since is left out.
     */
    List<Numbered<F>> facts(Connection connection, int shard, List<LogRow> rows) throws SQLException;
}
