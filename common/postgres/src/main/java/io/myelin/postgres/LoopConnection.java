package io.myelin.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection on which a service's loop commits. Its application name contains the instance's id, so that the
 * next owner of a shard can terminate it.
 */
final class LoopConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoopConnection.class);

    private final ServiceDatabase database;
    private @Nullable Connection connection;
    private @Nullable UUID instance;

    LoopConnection(ServiceDatabase database) {
        this.database = database;
    }

    static String name(String schema, UUID instance) {
        return "myelin " + schema + " " + instance;
    }

    /** An open connection of this instance, with time-outs, outside any transaction. */
    Connection open(UUID wanted) throws SQLException {
        Connection open = connection;
        if (open != null && wanted.equals(instance)) {
            return open;
        }
        close();
        open = database.connectForMoments(name(database.schema(), wanted));
        connection = open;
        try (Statement statement = open.createStatement()) {
            statement.execute("SET idle_in_transaction_session_timeout = '2s'");
            statement.execute("SET transaction_timeout = '4s'");
            // If this is another database than before, this raises the epochs of all shards, and this process's are
            // outdated.
            Origin.incarnation(open);
        } catch (SQLException e) {
            close();
            throw e;
        }
        open.setAutoCommit(false);
        instance = wanted;
        return open;
    }

    /** Ends the transaction under way, and the connection if even that fails. */
    void rollback() {
        try {
            if (connection != null) {
                connection.rollback();
            }
        } catch (SQLException e) {
            close();
        }
    }

    @Override
    public void close() {
        try (Connection old = connection) {
            connection = null;
        } catch (SQLException e) {
            LOG.debug("A broken connection did not close", e);
        }
    }
}
