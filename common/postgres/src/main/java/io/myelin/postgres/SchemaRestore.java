package io.myelin.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Makes schemas as they were when a backup was made, by the same migrations. While its rows are being loaded, a schema's
 * comment says so, and no server uses it.
 */
public final class SchemaRestore {

    static final String UNFINISHED = "A restore by Myelin has not ended";

    /** A statement that makes a table, or gives it another name. */
    private static final Pattern NEW_TABLE =
            Pattern.compile("(?im)^\\s*(?:create\\s+(?:unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?"
                    + "|alter\\s+table\\s+\\w+\\s+rename\\s+to\\s+)(\\w+)");

    /** The tables that the migrations change are empty. */
    private static final int ANSWER_SECONDS = 60;

    private SchemaRestore() {}

    /** A migration among these that this program does not have. */
    public static Optional<AppliedMigration> unknown(ServiceSchema schema, List<AppliedMigration> migrations) {
        Map<String, Resource> known = scripts(schema);
        return migrations.stream()
                .filter(migration -> !known.containsKey(migration.script()))
                .findFirst();
    }

    /** The script of a migration that this program has and that is not among these. */
    public static Optional<String> missing(ServiceSchema schema, List<AppliedMigration> migrations) {
        Map<String, AppliedMigration> applied = byScript(migrations);
        return scripts(schema).keySet().stream()
                .filter(script -> !applied.containsKey(script))
                .sorted()
                .findFirst();
    }

    /** The tables that the migrations of this program make. */
    public static Set<String> tables(ServiceSchema schema) {
        Set<String> tables = new TreeSet<>();
        for (Resource script : scripts(schema).values()) {
            try {
                NEW_TABLE
                        .matcher(script.getContentAsString(StandardCharsets.UTF_8))
                        .results()
                        .forEach(table -> tables.add(table.group(1).toLowerCase(Locale.ROOT)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return tables;
    }

    /** Creates the schema, without tables; its comment says that it is not finished. */
    public static void create(Connection connection, ServiceSchema schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema.name());
            statement.execute("COMMENT ON SCHEMA " + schema.name() + " IS '" + UNFINISHED + "'");
        }
    }

    /**
     * Creates the tables of a schema that {@link #create} has made and that is committed.
     *
     * @throws IllegalStateException if a migration is another one than it was
     */
    public static void begin(
            Connection connection, DatabaseLogin login, ServiceSchema schema, List<AppliedMigration> migrations)
            throws SQLException {
        try {
            Path directory = Files.createTempDirectory("myelin-migrations");
            try {
                Map<String, Resource> known = scripts(schema);
                for (AppliedMigration migration : migrations) {
                    byte[] script = Objects.requireNonNull(known.get(migration.script()), migration.script())
                            .getContentAsByteArray();
                    Files.write(directory.resolve(migration.script()), script);
                }
                migrate(login, schema, directory);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FlywayException e) {
            throw new IllegalStateException("The schema " + schema.name() + " cannot be made: " + e.getMessage(), e);
        }
        List<AppliedMigration> applied = AppliedMigration.of(connection, schema);
        connection.rollback();
        if (!byScript(applied).equals(byScript(migrations))) {
            throw new IllegalStateException("The migrations of schema " + schema.name()
                    + " are others than those that made the backup's: restore it with the version that made it");
        }
    }

    private static Map<String, AppliedMigration> byScript(List<AppliedMigration> migrations) {
        Map<String, AppliedMigration> byScript = new HashMap<>();
        migrations.forEach(migration -> byScript.put(migration.script(), migration));
        return byScript;
    }

    private static void migrate(DatabaseLogin login, ServiceSchema schema, Path scripts) {
        Flyway.configure()
                .dataSource(new LoginDataSource(login, ANSWER_SECONDS, Map.of()))
                .schemas(schema.name())
                .defaultSchema(schema.name())
                .createSchemas(false)
                .locations("filesystem:" + scripts)
                .load()
                .migrate();
    }

    /** Applies the migrations that this program has and the schema has not, as a server does when it starts. */
    public static void migrate(Connection connection, DatabaseLogin login, ServiceSchema schema) throws SQLException {
        new Migrations(schema.name(), schema.migrations()).apply(connection, login);
    }

    /**
     * Lets servers use the schema, once the transaction is committed. The incarnation of every shard is raised above those
     * of all servers that ran on an earlier copy of these rows, in whatever database: it is the time in seconds. So no
     * number comes to mean two facts, even if the same backup is restored twice.
     */
    public static void end(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE " + schema + ".shard SET epoch = epoch + 1, incarnation = greatest("
                    + "(SELECT max(incarnation) FROM " + schema + ".shard) + 1,"
                    + " extract(epoch FROM clock_timestamp())::bigint)");
            statement.execute("COMMENT ON SCHEMA " + schema + " IS NULL");
        }
    }

    /** @throws IllegalStateException if the rows of the schema were not all loaded */
    public static void requireEnded(Connection connection, String schema) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT obj_description(to_regnamespace(?)::oid, 'pg_namespace') = ?")) {
            query.setString(1, schema);
            query.setString(2, UNFINISHED);
            try (ResultSet row = query.executeQuery()) {
                if (row.next() && row.getBoolean(1)) {
                    throw new IllegalStateException("The schema " + schema + " has only a part of its rows, since a "
                            + "restore into it was interrupted: restore the backup into an empty database");
                }
            }
        }
    }

    private static Map<String, Resource> scripts(ServiceSchema schema) {
        Map<String, Resource> scripts = new HashMap<>();
        var resources = new PathMatchingResourcePatternResolver();
        try {
            for (String location : schema.migrations()) {
                for (Resource script : resources.getResources("classpath*:" + location + "/*.sql")) {
                    scripts.put(Objects.requireNonNull(script.getFilename()), script);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return scripts;
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
