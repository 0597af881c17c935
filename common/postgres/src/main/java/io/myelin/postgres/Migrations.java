package io.myelin.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.flywaydb.core.Flyway;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The migrations of a schema. When nothing is to be migrated, Flyway takes longer to find that out than all other
 * queries of a service's start together. The fingerprint of the migrations that were applied last is therefore kept in
 * the schema's comment, and Flyway runs only if they have changed.
 *
 * @param locations of the class path, such as {@code db/engine}
 */
record Migrations(String schema, List<String> locations) {

    /** A migration of a large table takes as long as it takes. */
    private static final int ANY_TIME = 0;

    /** @param connection as the schema's owner */
    void apply(Connection connection, DatabaseLogin login) throws SQLException {
        String note = "Migrated by Myelin, SHA-256 " + fingerprint();
        if (note.equals(note(connection))) {
            return;
        }
        SchemaRestore.requireEnded(connection, schema);
        Flyway.configure()
                .dataSource(new LoginDataSource(login, ANY_TIME, Map.of()))
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                .locations(locations.stream().map("classpath:"::concat).toArray(String[]::new))
                .outOfOrder(true)
                // Of a newer release, whose processes run beside those of this one during an upgrade.
                .ignoreMigrationPatterns("*:future", "*:missing")
                .load()
                .migrate();
        try (Statement statement = connection.createStatement()) {
            statement.execute("COMMENT ON SCHEMA " + schema + " IS '" + note + "'");
        }
    }

    private String note(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT obj_description(to_regnamespace(?)::oid, 'pg_namespace')")) {
            query.setString(1, schema);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return Objects.requireNonNullElse(row.getString(1), "");
            }
        }
    }

    private String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            var resources = new PathMatchingResourcePatternResolver();
            for (String location : locations) {
                Resource[] files = resources.getResources("classpath*:" + location + "/*.sql");
                Arrays.sort(files, Comparator.comparing(file -> String.valueOf(file.getFilename())));
                for (Resource file : files) {
                    byte[] content = file.getContentAsByteArray();
                    digest.update((file.getFilename() + " " + content.length + "\n").getBytes());
                    digest.update(content);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
