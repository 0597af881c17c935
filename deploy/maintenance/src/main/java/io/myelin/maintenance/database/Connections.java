package io.myelin.maintenance.database;

import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.ServiceSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A transaction in each of a server's databases. */
public final class Connections implements AutoCloseable {

    /** Opens a connection. */
    interface Opening {
        Connection open(DatabaseLogin login) throws SQLException;
    }

    private final Function<ServiceSchema, DatabaseLogin> logins;
    private final Map<DatabaseLogin, Connection> byLogin = new LinkedHashMap<>();

    Connections(Function<ServiceSchema, DatabaseLogin> logins, Collection<ServiceSchema> schemas, Opening opening)
            throws SQLException {
        this.logins = logins;
        try {
            for (ServiceSchema schema : schemas) {
                DatabaseLogin login = logins.apply(schema);
                if (!byLogin.containsKey(login)) {
                    byLogin.put(login, opening.open(login));
                }
            }
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    /** The connection to the database with this schema. */
    public Connection of(ServiceSchema schema) {
        return Objects.requireNonNull(byLogin.get(login(schema)));
    }

    /** How to open further connections to the database with this schema. */
    public DatabaseLogin login(ServiceSchema schema) {
        return logins.apply(schema);
    }

    /** All of them, one for each database. */
    public Collection<Connection> all() {
        return byLogin.values();
    }

    public void commit() throws SQLException {
        for (Connection connection : all()) {
            connection.commit();
        }
    }

    public void rollback() throws SQLException {
        for (Connection connection : all()) {
            connection.rollback();
        }
    }

    /** Ends the transactions without effect. */
    @Override
    public void close() throws SQLException {
        for (Connection connection : all()) {
            connection.close();
        }
    }
}
