package io.myelin.maintenance.backup;

import io.myelin.embedded.DirectoryTree;
import io.myelin.maintenance.backup.Manifest.KeptFile;
import io.myelin.maintenance.backup.Manifest.OfSchema;
import io.myelin.maintenance.backup.Manifest.OfTable;
import io.myelin.maintenance.backup.Manifest.ShardPosition;
import io.myelin.maintenance.database.Connections;
import io.myelin.maintenance.database.Refused;
import io.myelin.maintenance.database.ServerDatabases;
import io.myelin.postgres.AppliedMigration;
import io.myelin.postgres.SchemaRestore;
import io.myelin.postgres.ServiceSchema;
import io.myelin.postgres.Snapshot;
import io.myelin.server.service.Build;
import io.myelin.settings.ServerSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a backup. All rows are from one snapshot, which is taken after the backup has begun: what was acknowledged before
 * is in it. The backup appears under its name when it is complete and on the disk.
 */
public final class Backup {

    static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static final String SIGNING_KEY = "signing.key";

    private final Connections snapshot;
    private final Path directory;

    private Backup(Connections snapshot, Path directory) {
        this.snapshot = snapshot;
        this.directory = directory;
    }

    /**
     * Backs up everything that a server keeps.
     *
     * @param target a directory that does not exist or is empty
     * @throws Refused if it is not
     */
    public static Manifest write(ServerDatabases databases, ServerSettings settings, Path target)
            throws SQLException, IOException {
        requireNothingIn(target);
        Path unfinished = target.resolveSibling(target.getFileName() + ".partial");
        try {
            HashedFile.createDirectory(unfinished);
        } catch (FileAlreadyExistsException e) {
            throw new Refused("There is a directory " + unfinished
                    + " already: another backup is writing it, or was interrupted. In that case, delete it.");
        }
        try (var snapshot = databases.snapshot()) {
            Manifest manifest = new Backup(snapshot, unfinished).write(settings);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            synchronizeNames(target.resolveSibling("."));
            return manifest;
        } catch (SQLException | IOException | RuntimeException e) {
            DirectoryTree.delete(unfinished);
            throw e;
        }
    }

    private static void requireNothingIn(Path target) throws IOException {
        if (Files.isDirectory(target)) {
            try (var files = Files.newDirectoryStream(target)) {
                if (!files.iterator().hasNext()) {
                    return;
                }
            }
        }
        if (Files.exists(target)) {
            throw new Refused(target + " is there already, and a backup overwrites nothing. Name a new directory.");
        }
        if (!Files.isDirectory(Objects.requireNonNull(target.getParent(), "a directory has a parent"))) {
            throw new Refused("There is no directory " + target.getParent() + " to put the backup into.");
        }
    }

    private Manifest write(ServerSettings settings) throws SQLException, IOException {
        JdbcClient jdbc = Snapshot.of(snapshot.all().iterator().next());
        String takenAt = jdbc.sql("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')")
                .query(String.class)
                .single();
        String version = jdbc.sql("SHOW server_version").query(String.class).single();
        List<OfSchema> schemas = new ArrayList<>();
        for (ServiceSchema schema : ServerDatabases.schemas()) {
            SchemaRestore.requireEnded(snapshot.of(schema), schema.name());
            if (new Catalog(snapshot.of(schema)).has(schema)) {
                schemas.add(write(schema));
            }
        }
        if (schemas.isEmpty()) {
            throw new Refused("No server has ever used this database: there is nothing to back up.");
        }
        Manifest manifest = new Manifest(
                Manifest.FORMAT,
                Build.ofThisProgram().version(),
                settings.serverName(),
                takenAt,
                version,
                schemas,
                signingKey(settings.signingKey()));
        synchronizeNames(directory);
        try (var file = new HashedFile(directory, Manifest.FILE)) {
            file.write((JSON.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        synchronizeNames(directory);
        return manifest;
    }

    private OfSchema write(ServiceSchema schema) throws SQLException, IOException {
        Connection connection = snapshot.of(schema);
        Path ofSchema = directory.resolve(schema.name());
        HashedFile.createDirectory(ofSchema);
        List<OfTable> tables = new ArrayList<>();
        for (CopiedTable table : new Catalog(connection).tables(schema)) {
            tables.add(table.writeTo(directory, connection));
        }
        synchronizeNames(ofSchema);
        List<ShardPosition> shards = Snapshot.of(connection)
                .sql("SELECT id, incarnation, seq, published FROM " + schema.name() + ".shard ORDER BY id")
                .query((row, _) -> new ShardPosition(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .list();
        return new OfSchema(schema.name(), AppliedMigration.of(connection, schema), shards, tables);
    }

    /** Null if the key is not where this process could read it. */
    private @Nullable KeptFile signingKey(Path key) throws IOException {
        if (!Files.isReadable(key)) {
            return null;
        }
        var copy = new HashedFile(directory, SIGNING_KEY);
        try (copy) {
            copy.write(Files.readAllBytes(key));
        }
        return copy.kept();
    }

    /** Writes a directory's names to the disk. */
    private static void synchronizeNames(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
