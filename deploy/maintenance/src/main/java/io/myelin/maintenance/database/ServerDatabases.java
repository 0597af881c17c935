package io.myelin.maintenance.database;

import io.myelin.embedded.DataDirectory;
import io.myelin.embedded.EmbeddedPostgresql;
import io.myelin.embedded.EngineCache;
import io.myelin.embedded.PostgresqlSettings;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.ServiceSchema;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The databases of a server: those that the configuration names, or the server's own. That one is used as it runs; if the
 * server does not run, its database is started until this is closed.
 */
public final class ServerDatabases implements AutoCloseable {
    private static final int CONNECTIONS = 20;
    private static final int MEGABYTE = 1 << 20;

    /** How long a commit of the server may hold up the beginning of several snapshots, and these the server's commits. */
    private static final String LOCK_PATIENCE = "500ms";

    /** How often the locks are tried before the command gives up. */
    private static final int LOCK_ATTEMPTS = 20;

    private static final long LOCK_PAUSE_MILLIS = 1_000;

    /** PostgreSQL's {@code lock_not_available}. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final ServerSettingsByService settings;
    private final @Nullable DatabaseLogin own;
    private final @Nullable EmbeddedPostgresql postgresql;
    private final @Nullable DataDirectory data;
    private boolean isWhole = true;

    private ServerDatabases(
            ServerSettingsByService settings,
            @Nullable DatabaseLogin own,
            @Nullable EmbeddedPostgresql postgresql,
            @Nullable DataDirectory data) {
        this.settings = settings;
        this.own = own;
        this.postgresql = postgresql;
        this.data = data;
    }

    /** The schemas of all services. */
    public static List<ServiceSchema> schemas() {
        return ServiceDescriptions.all().stream()
                .map(ServiceDescription::schema)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * The databases of an existing server.
     *
     * @throws Refused if there are none
     */
    public static ServerDatabases open(ServerSettingsByService settings) {
        if (!settings.needsOwnDatabase()) {
            return new ServerDatabases(settings, null, null, null);
        }
        Path data = settings.server().data();
        Optional<io.myelin.embedded.DatabaseLogin> running = running(data);
        if (running.isPresent()) {
            return new ServerDatabases(settings, login(running.get()), null, null);
        }
        if (!Files.isDirectory(data.resolve("postgresql"))) {
            throw new Refused(
                    "There is no database in " + data.toAbsolutePath()
                            + ". Say where the server's data are with --data DIR, or name its configuration with --config FILE.");
        }
        return started(settings, DataDirectory.open(data));
    }

    /**
     * Databases for a server that is still to be: those of the configuration, or a new one in its data directory.
     *
     * @throws Refused if the data directory has a database already
     */
    public static ServerDatabases create(ServerSettingsByService settings) {
        if (!settings.needsOwnDatabase()) {
            return new ServerDatabases(settings, null, null, null);
        }
        Path data = settings.server().data();
        if (Files.exists(data.resolve("postgresql"))) {
            throw new Refused("There is a database in " + data.toAbsolutePath()
                    + " already. Restore into another directory with --data DIR. If this one is left of a restore "
                    + "that did not end, delete it.");
        }
        return created(settings);
    }

    /** The server's own database, new. Unless {@link #complete} is called, it is deleted when this is closed. */
    private static ServerDatabases created(ServerSettingsByService settings) {
        DataDirectory data = DataDirectory.open(settings.server().data());
        try {
            data.beginRestore();
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
        ServerDatabases databases = started(settings, data);
        databases.isWhole = false;
        return databases;
    }

    /** Says that everything is in the databases, so that servers may use them. */
    public void complete() {
        isWhole = true;
    }

    private static ServerDatabases started(ServerSettingsByService settings, DataDirectory data) {
        var database = settings.server().database();
        try {
            var postgresql = EmbeddedPostgresql.start(
                    data,
                    EngineCache.directory(),
                    new PostgresqlSettings(
                            (int) (database.sharedBuffers().toBytes() / MEGABYTE),
                            CONNECTIONS,
                            database.orphanLinger()));
            return new ServerDatabases(settings, login(postgresql.login()), postgresql, data);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private static Optional<io.myelin.embedded.DatabaseLogin> running(Path data) {
        try {
            return EmbeddedPostgresql.loginOfRunning(data);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The data directory " + data.toAbsolutePath() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static DatabaseLogin login(io.myelin.embedded.DatabaseLogin login) {
        return new DatabaseLogin(login.url(), login.user(), login.password());
    }

    private DatabaseLogin login(ServiceSchema schema) {
        DatabaseLogin embedded = own;
        return settings.configured(schema).orElseGet(() -> {
            if (embedded == null) {
                throw new IllegalStateException("No database is started for " + schema.name());
            }
            return embedded;
        });
    }

    /** A transaction in each database, to write. */
    public Connections connect() throws SQLException {
        return new Connections(this::login, schemas(), ServerDatabases::connect);
    }

    private static Connection connect(DatabaseLogin login) throws SQLException {
        // A copy of a large table may take any time.
        Connection connection = login.connect(0, Map.of("ApplicationName", "myelin maintenance"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = 0");
            statement.execute("SET transaction_timeout = 0");
            statement.execute("SET idle_in_transaction_session_timeout = 0");
        }
        connection.setAutoCommit(false);
        return connection;
    }

    /**
     * A snapshot of each database, all of the same moment, in transactions that change nothing. If there are several, the
     * services' commits wait while the snapshots begin: else one could have an order as carried out, and another not have
     * what it did.
     */
    public Connections snapshot() throws SQLException {
        Connections snapshot = new Connections(this::login, schemas(), login -> {
            Connection connection = connect(login);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            return connection;
        });
        try (Connections locks = connect()) {
            if (locks.all().size() > 1) {
                lock(locks);
            }
            for (Connection connection : snapshot.all()) {
                // A transaction's snapshot is taken by its first statement.
                try (Statement first = connection.createStatement()) {
                    first.execute("SELECT 1");
                }
            }
            return snapshot;
        } catch (SQLException | RuntimeException e) {
            snapshot.close();
            throw e;
        }
    }

    /** Locks all shards, or none: an attempt that has to wait lets go of what it has. */
    private static void lock(Connections locks) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                for (ServiceSchema schema : schemas()) {
                    lock(locks.of(schema), schema);
                }
                return;
            } catch (SQLException e) {
                locks.rollback();
                if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || attempt == LOCK_ATTEMPTS) {
                    throw e;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOCK_PAUSE_MILLIS));
        }
    }

    private static void lock(Connection connection, ServiceSchema schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '" + LOCK_PATIENCE + "'");
            try (var exists = statement.executeQuery("SELECT to_regclass('" + schema.name() + ".shard') IS NOT NULL")) {
                if (!exists.next() || !exists.getBoolean(1)) {
                    return;
                }
            }
            statement.execute("LOCK TABLE " + schema.name() + ".shard IN SHARE MODE");
        }
    }

    @Override
    public void close() {
        if (postgresql != null) {
            postgresql.close();
        }
        if (data != null) {
            data.endRestore(isWhole);
            data.close();
        }
    }
}
