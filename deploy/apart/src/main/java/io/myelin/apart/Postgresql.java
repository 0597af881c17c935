package io.myelin.apart;

import io.myelin.embedded.DataDirectory;
import io.myelin.embedded.DatabaseLogin;
import io.myelin.embedded.EmbeddedPostgresql;
import io.myelin.embedded.EngineCache;
import io.myelin.embedded.PostgresqlSettings;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The database. {@link EmbeddedPostgresql} takes over a running PostgreSQL, restarts it when it dies by itself, and lets it
 * outlive the supervisor. So there is no process but PostgreSQL's own.
 */
final class Postgresql implements ProcessControl {
    private static final String SECONDS = "2";

    private final DataDirectory data;
    private final PostgresqlSettings settings;
    private volatile @Nullable EmbeddedPostgresql running;

    Postgresql(DataDirectory data, PostgresqlSettings settings) {
        this.data = data;
        this.settings = settings;
    }

    /** Returns once the database accepts connections. */
    @Override
    public synchronized void start() {
        if (running == null) {
            running = EmbeddedPostgresql.start(data, EngineCache.directory(), settings);
        }
    }

    /**
     * How to connect to it.
     *
     * @throws IllegalStateException if it has been stopped
     */
    DatabaseLogin login() {
        var database = running;
        if (database == null) {
            throw new IllegalStateException("PostgreSQL has been stopped");
        }
        return database.login();
    }

    @Override
    public OptionalLong pid() {
        var database = running;
        return database == null ? OptionalLong.empty() : OptionalLong.of(database.pid());
    }

    @Override
    public boolean isHealthy() {
        var database = running;
        if (database == null) {
            return false;
        }
        var login = database.login();
        var properties = new Properties();
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password());
        properties.setProperty("loginTimeout", SECONDS);
        properties.setProperty("socketTimeout", SECONDS);
        try (var connection = DriverManager.getConnection(login.url(), properties)) {
            return connection.isValid(Integer.parseInt(SECONDS));
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public synchronized void stop(Duration patience) {
        var database = running;
        running = null;
        if (database != null) {
            database.close();
        }
    }

    @Override
    public synchronized void kill() {
        var database = running;
        running = null;
        if (database != null) {
            database.kill();
        }
    }
}
