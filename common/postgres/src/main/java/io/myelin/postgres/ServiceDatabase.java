package io.myelin.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.myelin.engine.StoreUnavailable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A service's schema, created and migrated at construction. It is read through two pools, whose transactions are
 * read-only snapshots: one for queries, and one for what the service's shards need to decide, so that any number of
 * queries cannot hold up commands. {@link PostgresShardStore} writes what belongs to shards, and {@link UnshardedTables}
 * the rest.
 */
public final class ServiceDatabase implements AutoCloseable {

    private static final int OLDEST_VERSION = 170_000;

    private static final int ANSWER_SECONDS = 30;

    /** More than a transaction of the loop may take, see {@link LoopConnection}. */
    private static final int MOMENT_SECONDS = 5;

    /** Of the connections that nobody has used for so long, one is kept: each is a process of the database. */
    private static final long IDLE_MILLIS = 60_000;

    /** Connections for the shards' reads: each loop loads one entity after the other. */
    private static final int SHARD_CONNECTIONS = 3;

    private final String schema;
    private final DatabaseLogin login;
    private final HikariDataSource snapshots;
    private final HikariDataSource shardSnapshots;

    /**
     * @param schema the service's name in the database; its migrations are in {@code db/migration/<schema>}
     * @param poolSize connections for queries; a few more serve the service's own shards
     */
    public ServiceDatabase(String schema, DatabaseLogin login, int poolSize) {
        this(schema, login, poolSize, "db/engine", migrations(schema));
    }

    private ServiceDatabase(String schema, DatabaseLogin login, int poolSize, String... migrations) {
        this.schema = schema;
        this.login = login;
        prepare(new Migrations(schema, List.of(migrations)));
        snapshots = new HikariDataSource(pool("snapshots", "reader", poolSize, 1));
        shardSnapshots = new HikariDataSource(pool("shards", "shards", SHARD_CONNECTIONS, 1));
    }

    private HikariConfig pool(String name, String role, int poolSize, int idle) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(schema + "-" + name);
        config.setDataSource(new LoginDataSource(
                login,
                ANSWER_SECONDS,
                Map.of(
                        "currentSchema",
                        schema,
                        "ApplicationName",
                        "myelin " + schema + " " + role,
                        "reWriteBatchedInserts",
                        "true",
                        "prepareThreshold",
                        "3")));
        config.setReadOnly(true);
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setMaximumPoolSize(poolSize);
        config.setMinimumIdle(idle);
        config.setIdleTimeout(IDLE_MILLIS);
        config.setConnectionTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        return config;
    }

    /** The schema of an ephemeral service, whose only tables say who owns which shard. */
    public static ServiceDatabase ephemeral(String schema, DatabaseLogin login, int poolSize) {
        return new ServiceDatabase(schema, login, poolSize, "db/ephemeral");
    }

    /** The schema of an ephemeral service that stores states; its migrations are in {@code db/migration/<schema>}. */
    public static ServiceDatabase ephemeralWithTables(String schema, DatabaseLogin login, int poolSize) {
        return new ServiceDatabase(schema, login, poolSize, "db/ephemeral", migrations(schema));
    }

    private static String migrations(String schema) {
        return "db/migration/" + schema;
    }

    public String schema() {
        return schema;
    }

    private void prepare(Migrations migrations) {
        try (Connection connection = connect("setup")) {
            refuseOldVersion(connection);
            migrations.apply(connection, login);
        } catch (SQLException e) {
            throw SqlStates.unavailable("The schema " + schema + " cannot be prepared in " + login, e);
        }
    }

    private void refuseOldVersion(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("SHOW server_version_num")) {
            version.next();
            if (version.getInt(1) < OLDEST_VERSION) {
                throw new IllegalStateException(
                        "Myelin needs PostgreSQL 17 or newer; " + login + " is version " + version.getString(1));
            }
        }
    }

    /** A connection outside the pool, whose statements may take half a minute. */
    Connection connect(String applicationName) throws SQLException {
        return connect(applicationName, ANSWER_SECONDS);
    }

    /**
     * A connection outside the pool, for statements that take a moment. It breaks soon after the database's machine has
     * vanished, so that a standby that takes over is found.
     */
    Connection connectForMoments(String applicationName) throws SQLException {
        return connect(applicationName, MOMENT_SECONDS);
    }

    /** A connection outside the pool, whose statements may take any time. */
    Connection connectForBuilds() throws SQLException {
        return connect("myelin " + schema + " indexes", 0);
    }

    private Connection connect(String applicationName, int answerSeconds) throws SQLException {
        return login.connect(
                answerSeconds,
                Map.of("ApplicationName", applicationName, "currentSchema", schema, "prepareThreshold", "2"));
    }

    /** The service's tables that belong to no shard, with connections of their own, which are opened on demand. */
    public UnshardedTables unsharded(int mostConnections) {
        HikariConfig config = pool("unsharded", "writer", mostConnections, 0);
        config.setReadOnly(false);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new UnshardedTables(schema, config);
    }

    /**
     * Reads one snapshot.
     *
     * @throws StoreUnavailable if the database does not answer now
     */
    public <T> T read(Function<JdbcClient, T> work) {
        return read(snapshots, work);
    }

    /** Reads one snapshot that a shard waits for; it does not compete with queries. */
    <T> T readForShard(Function<JdbcClient, T> work) {
        return read(shardSnapshots, work);
    }

    private <T> T read(HikariDataSource pool, Function<JdbcClient, T> work) {
        try (Connection connection = pool.getConnection()) {
            T result = Snapshot.read(connection, work);
            connection.rollback();
            return result;
        } catch (SQLException e) {
            throw SqlStates.unavailable("The database of " + schema + " cannot be read", e);
        }
    }

    @Override
    public void close() {
        snapshots.close();
        shardSnapshots.close();
    }
}
