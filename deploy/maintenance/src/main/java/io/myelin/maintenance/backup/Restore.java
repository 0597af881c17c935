package io.myelin.maintenance.backup;

import io.myelin.embedded.DurableFile;
import io.myelin.maintenance.backup.Manifest.KeptFile;
import io.myelin.maintenance.backup.Manifest.OfSchema;
import io.myelin.maintenance.backup.Manifest.OfTable;
import io.myelin.maintenance.database.Connections;
import io.myelin.maintenance.database.Refused;
import io.myelin.maintenance.database.ServerDatabases;
import io.myelin.postgres.AppliedMigration;
import io.myelin.postgres.SchemaRestore;
import io.myelin.postgres.ServiceSchema;
import io.myelin.server.service.Build;
import io.myelin.settings.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * Makes a database out of a backup. Its schemas are made by the migrations that had made the backup's, and by no others.
 * Further ones are applied to the rows, as a server does when it starts. Until all rows are loaded, no server uses the schemas.
 */
public final class Restore {

    private final Path backup;
    private final Manifest manifest;
    private final Path signingKey;

    private Restore(Path backup, Manifest manifest, Path signingKey) {
        this.backup = backup;
        this.manifest = manifest;
        this.signingKey = signingKey;
    }

    /**
     * Reads a backup and sees whether it is whole, and whether it can be restored for these settings.
     *
     * @throws Refused if it cannot
     */
    public static Restore of(Path backup, ServerSettings settings) throws IOException {
        Manifest manifest = read(backup);
        if (!manifest.serverName().equals(settings.serverName())) {
            throw new Refused("The backup is of the server " + manifest.serverName()
                    + ", but the configuration is that of " + settings.serverName() + ": set server-name to "
                    + manifest.serverName() + ".");
        }
        var restore = new Restore(backup, manifest, settings.signingKey());
        restore.requireKnownMigrations();
        restore.requireWholeFiles();
        restore.requireNoOtherKey();
        return restore;
    }

    private static Manifest read(Path backup) throws IOException {
        Path file = backup.resolve(Manifest.FILE);
        if (!Files.exists(file)) {
            throw new Refused(backup + " is no backup: it has no " + Manifest.FILE
                    + ", which is written when everything else is.");
        }
        Manifest manifest;
        try {
            manifest = Backup.JSON.readValue(file, Manifest.class);
        } catch (JacksonException e) {
            throw new Refused("The backup's " + Manifest.FILE + " cannot be read: " + e.getOriginalMessage());
        }
        if (manifest.format() > Manifest.FORMAT) {
            throw new Refused("The backup was made by Myelin " + manifest.program()
                    + ", whose backups have another form: restore it with that version or a newer one.");
        }
        return manifest;
    }

    public Manifest manifest() {
        return manifest;
    }

    private static ServiceSchema described(OfSchema kept) {
        return ServerDatabases.schemas().stream()
                .filter(schema -> schema.name().equals(kept.name()))
                .findFirst()
                .orElseThrow(() -> new Refused("The backup has the schema " + kept.name()
                        + ", which no service of this program has: restore it with the program that made it."));
    }

    private void requireKnownMigrations() {
        for (OfSchema kept : manifest.schemas()) {
            Optional<AppliedMigration> unknown = SchemaRestore.unknown(described(kept), kept.migrations());
            if (unknown.isPresent()) {
                throw new Refused("The backup was made by Myelin " + manifest.program()
                        + ", which is newer than this program ("
                        + Build.ofThisProgram().version() + " does not know the migration "
                        + unknown.get().script() + " of schema " + kept.name() + "): restore it with that version.");
            }
        }
    }

    private void requireWholeFiles() throws IOException {
        List<KeptFile> files = new ArrayList<>(manifest.schemas().stream()
                .flatMap(schema -> schema.tables().stream())
                .map(OfTable::file)
                .toList());
        Stream.ofNullable(manifest.signingKey()).forEach(files::add);
        for (KeptFile file : files) {
            if (!HashedFile.isWhole(backup, file)) {
                throw new Refused("The backup is damaged: " + backup.resolve(file.path())
                        + " is not as it was written. Use another copy of it, or an older backup.");
            }
        }
    }

    private void requireNoOtherKey() throws IOException {
        KeptFile kept = manifest.signingKey();
        if (kept != null && Files.exists(signingKey) && Files.mismatch(signingKey, backup.resolve(kept.path())) >= 0) {
            throw new Refused("The signing key in " + signingKey.toAbsolutePath()
                    + " is another one than the backup's. Move it away, or use an empty data directory.");
        }
    }

    /**
     * Restores everything into databases that have none of the schemas. If that fails, the schemas are gone again.
     *
     * @throws Refused if they have
     */
    public void into(ServerDatabases databases) throws SQLException, IOException {
        try (Connections connections = databases.connect()) {
            requireEmpty(connections);
            boolean isKeyNew = false;
            boolean areSchemasNew = false;
            try {
                for (OfSchema kept : manifest.schemas()) {
                    ServiceSchema schema = described(kept);
                    SchemaRestore.create(connections.of(schema), schema);
                }
                connections.commit();
                areSchemasNew = true;
                for (OfSchema kept : manifest.schemas()) {
                    ServiceSchema schema = described(kept);
                    SchemaRestore.begin(connections.of(schema), connections.login(schema), schema, kept.migrations());
                }
                for (OfSchema kept : manifest.schemas()) {
                    load(kept, connections.of(described(kept)));
                }
                isKeyNew = restoreKey();
                for (OfSchema kept : manifest.schemas()) {
                    SchemaRestore.end(connections.of(described(kept)), kept.name());
                }
                connections.commit();
                for (OfSchema kept : manifest.schemas()) {
                    ServiceSchema schema = described(kept);
                    SchemaRestore.migrate(connections.of(schema), connections.login(schema), schema);
                }
                connections.commit();
            } catch (SQLException | IOException | RuntimeException e) {
                connections.rollback();
                if (areSchemasNew) {
                    dropAll(connections);
                }
                if (isKeyNew) {
                    Files.deleteIfExists(signingKey);
                }
                throw e;
            }
            analyze(connections);
        }
        databases.complete();
    }

    /** Puts the signing key to its place before a server can start on the rows. False if it is there, or not kept. */
    private boolean restoreKey() throws IOException {
        KeptFile kept = manifest.signingKey();
        if (kept == null || Files.exists(signingKey)) {
            return false;
        }
        // The server's own database has made the data directory; another one has not.
        HashedFile.createDirectories(signingKey.toAbsolutePath().normalize().resolveSibling(""));
        DurableFile.write(signingKey, Files.readString(backup.resolve(kept.path())));
        return true;
    }

    private void requireEmpty(Connections connections) throws SQLException {
        for (OfSchema kept : manifest.schemas()) {
            ServiceSchema schema = described(kept);
            if (new Catalog(connections.of(schema)).has(schema)) {
                throw new Refused("The database is not empty: it has the schema " + kept.name()
                        + ". Restore into an empty database. If the schema is left of a restore that did not end, "
                        + "drop it: DROP SCHEMA " + kept.name() + " CASCADE.");
            }
        }
        connections.rollback();
    }

    private void load(OfSchema kept, Connection connection) throws SQLException, IOException {
        for (OfTable table : kept.tables()) {
            var copied = new CopiedTable(kept.name(), table.name(), table.columns());
            try (Statement statement = connection.createStatement()) {
                statement.execute("TRUNCATE " + copied.qualifiedName());
            }
            long rows = copied.load(backup, table.file(), connection);
            if (rows != table.rows()) {
                throw new Refused("Of " + table.rows() + " rows of table " + copied.qualifiedName() + " the file has "
                        + rows + ".");
            }
        }
    }

    private void dropAll(Connections connections) throws SQLException {
        for (OfSchema kept : manifest.schemas()) {
            try (Statement statement = connections.of(described(kept)).createStatement()) {
                statement.execute("DROP SCHEMA IF EXISTS " + CopiedTable.quoted(kept.name()) + " CASCADE");
            }
        }
        connections.commit();
    }

    /**
     * Without statistics, the first queries would be planned as if the tables were empty. PostgreSQL makes them up later by
     * itself, so a failure does not undo the restore.
     */
    private void analyze(Connections connections) throws SQLException {
        try {
            analyzeTables(connections);
        } catch (SQLException e) {
            connections.rollback();
            System.err.println(
                    "The tables have no statistics yet, so the server may be slow at first: " + e.getMessage());
        }
    }

    private void analyzeTables(Connections connections) throws SQLException {
        for (OfSchema kept : manifest.schemas()) {
            try (Statement statement = connections.of(described(kept)).createStatement()) {
                for (OfTable table : kept.tables()) {
                    statement.execute(
                            "ANALYZE " + new CopiedTable(kept.name(), table.name(), table.columns()).qualifiedName());
                }
            }
        }
        connections.commit();
    }
}
