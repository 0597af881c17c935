package io.myelin.postgres;

import io.myelin.testing.TestEngines;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;

/** A fresh database with the schema of the test's service, which tests can read and change directly. */
final class NotesDatabase implements AutoCloseable {

    final DatabaseLogin login;
    final ServiceDatabase schema;

    NotesDatabase(int poolSize) {
        var made = TestEngines.shared().freshDatabase("notes");
        login = new DatabaseLogin(made.url(), made.user(), made.password());
        schema = new ServiceDatabase("notes", login, poolSize);
    }

    /** An instance that lives for an hour. */
    UUID instance() throws SQLException {
        UUID id = UUID.randomUUID();
        sql("INSERT INTO notes.instance VALUES ('" + id + "', 'there', now() + interval '1 hour')");
        return id;
    }

    /** A connection outside the service, with an application name. */
    Connection connect(String applicationName) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password());
        properties.setProperty("ApplicationName", applicationName);
        return DriverManager.getConnection(login.url(), properties);
    }

    void sql(String sql) throws SQLException {
        try (Connection connection = connect("test")) {
            connection.createStatement().execute(sql);
        }
    }

    String text(String sql) throws SQLException {
        try (Connection connection = connect("test");
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() {
        schema.close();
    }
}
