package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.embedded.DataDirectory;
import io.myelin.embedded.EmbeddedPostgresql;
import io.myelin.embedded.EngineCache;
import io.myelin.embedded.PostgresqlSettings;
import io.myelin.maintenance.DatabaseCheck;
import io.myelin.maintenance.backup.Backup;
import io.myelin.maintenance.backup.Manifest;
import io.myelin.maintenance.backup.Restore;
import io.myelin.maintenance.database.Refused;
import io.myelin.maintenance.database.ServerDatabases;
import io.myelin.maintenance.database.ServerSettingsByService;
import io.myelin.postgres.Snapshot;
import io.myelin.postgres.check.Damage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backs up a stopped server, and restores it in ways that work and ways that must not. */
class BackupIT {
    @TempDir
    static Path directory;

    @TempDir
    Path elsewhere;

    private static Path data;
    private static Path backup;

    @BeforeAll
    static void fillAndBackUp() throws Exception {
        data = directory.resolve("data");
        backup = directory.resolve("backup");
        FilledDatabase.in(data);
        try (var database = FilledDatabase.open(data)) {
            Backup.write(database, FilledDatabase.settings(data).server(), backup);
        }
    }

    @Test
    void restoredServerHasEverythingAndNoDamage() throws Exception {
        var other = elsewhere.resolve("data");
        restore(backup, other);
        try (var before = FilledDatabase.open(data);
                var after = FilledDatabase.open(other)) {
            assertThat(rows(after)).isEqualTo(rows(before));
            assertThat(damages(after)).isEmpty();
        }
        assertThat(Files.mismatch(data.resolve("signing.key"), other.resolve("signing.key")))
                .isEqualTo(-1);
        try (var server = ServerProcess.start(other)) {
            assertThat(server.get("/_matrix/client/v3/directory/room/%23here:localhost")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.stopsInTime()).isTrue();
        }
        try (var after = FilledDatabase.open(other)) {
            assertThat(damages(after)).isEmpty();
        }
    }

    /** One for all services, and another for one of them: backed up from there again, as of one moment. */
    @Test
    void restoresIntoDatabasesThatTheConfigurationNames() throws Exception {
        try (var directory = DataDirectory.open(elsewhere.resolve("postgresql"));
                var postgresql =
                        EmbeddedPostgresql.start(directory, EngineCache.directory(), PostgresqlSettings.DEFAULT)) {
            var login = postgresql.login();
            var settings = ServerSettingsByService.read(
                    null,
                    Map.of(
                            "data", elsewhere.resolve("data").toString(),
                            "database.url", login.url(),
                            "database.user", login.user(),
                            "database.password", login.password(),
                            "databases.receipt-server",
                                    postgresql.recreateDatabase("receipts").url()));
            var restore = Restore.of(backup, settings.server());
            var again = elsewhere.resolve("again");
            try (var databases = ServerDatabases.create(settings)) {
                restore.into(databases);
                try (var snapshot = databases.snapshot()) {
                    assertThat(snapshot.all()).hasSize(2);
                }
                assertThat(damages(databases)).isEmpty();
                assertIncarnationsAreNewerThan(restore.manifest(), databases);
                assertThatThrownBy(() -> restore.into(databases))
                        .isInstanceOf(Refused.class)
                        .hasMessageContaining("is not empty");
                var manifest = Backup.write(databases, settings.server(), again);
                assertThat(manifest.rows()).isEqualTo(restore.manifest().rows());
            }
            assertThat(elsewhere.resolve("data/signing.key")).exists();
        }
    }

    /** Also in the cluster that the backup is of: a number of a shard must not come to mean two facts. */
    private static void assertIncarnationsAreNewerThan(Manifest manifest, ServerDatabases databases)
            throws SQLException {
        try (var snapshot = databases.snapshot()) {
            for (var schema : ServerDatabases.schemas()) {
                var before = manifest.schemas().stream()
                        .filter(kept -> kept.name().equals(schema.name()))
                        .flatMap(kept -> kept.shards().stream())
                        .mapToLong(Manifest.ShardPosition::incarnation)
                        .max();
                if (before.isPresent()) {
                    var now = Snapshot.of(snapshot.of(schema))
                            .sql("SELECT min(incarnation) FROM " + schema.name() + ".shard")
                            .query(Long.class)
                            .single();
                    assertThat(now).isGreaterThan(before.getAsLong() + 1_000_000);
                }
            }
        }
    }

    @Test
    void everythingInABackupIsItsOwnersAlone() throws IOException {
        try (var files = Files.walk(backup)) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
        assertThat(directory.resolve("backup.partial")).doesNotExist();
    }

    @Test
    void backupOverwritesNothing() throws Exception {
        try (var database = FilledDatabase.open(data)) {
            assertThatThrownBy(() ->
                            Backup.write(database, FilledDatabase.settings(data).server(), backup))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("overwrites nothing");
        }
    }

    @Test
    void directoryWithoutManifestIsNoBackup() throws IOException {
        assertThatThrownBy(() -> restore(elsewhere, elsewhere.resolve("data")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("is no backup");
    }

    @Test
    void fileThatHasChangedIsNamedBeforeAnythingIsRestored() throws IOException {
        var copy = copyOfBackup();
        var events = copy.resolve("room/event.copy.gz");
        var bytes = Files.readAllBytes(events);
        bytes[bytes.length / 2]++;
        Files.write(events, bytes);
        assertThatThrownBy(() -> restore(copy, elsewhere.resolve("data")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("room/event.copy.gz");
        assertThat(elsewhere.resolve("data")).doesNotExist();
    }

    @Test
    void backupOfANewerVersionIsRefused() throws IOException {
        var copy = copyOfBackup();
        change(copy, "V1__room.sql", "V99__unheard_of.sql");
        assertThatThrownBy(() -> restore(copy, elsewhere.resolve("data")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("V99__unheard_of.sql")
                .hasMessageContaining("newer");
    }

    @Test
    void backupOfAnotherServerIsRefused() throws IOException {
        var copy = copyOfBackup();
        change(copy, "\"serverName\" : \"localhost\"", "\"serverName\" : \"example.org\"");
        assertThatThrownBy(() -> restore(copy, elsewhere.resolve("data")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("set server-name to example.org");
    }

    @Test
    void backupOfAnEarlierVersionIsBroughtToThisOne() throws Exception {
        var earlier = elsewhere.resolve("earlier");
        restore(backup, earlier);
        var backupOfEarlier = elsewhere.resolve("backup");
        try (var database = FilledDatabase.open(earlier)) {
            try (var connections = database.connect();
                    var statement = connections.all().iterator().next().createStatement()) {
                statement.execute("ALTER TABLE room.membership DROP COLUMN guest");
                statement.execute("DELETE FROM room.flyway_schema_history WHERE script = 'V12__guests.sql'");
                connections.commit();
            }
            assertThatThrownBy(() -> damages(database)).hasMessageContaining("start the server once");
            Backup.write(database, FilledDatabase.settings(earlier).server(), backupOfEarlier);
        }
        var now = elsewhere.resolve("now");
        restore(backupOfEarlier, now);
        try (var before = FilledDatabase.open(data);
                var after = FilledDatabase.open(now)) {
            assertThat(rows(after)).isEqualTo(rows(before));
            assertThat(damages(after)).isEmpty();
        }
    }

    @Test
    void tableOfSomebodyElseInTheSchemaOfAServiceIsRefused() throws Exception {
        var other = elsewhere.resolve("data");
        restore(backup, other);
        try (var database = FilledDatabase.open(other)) {
            try (var connections = database.connect();
                    var statement = connections.all().iterator().next().createStatement()) {
                statement.execute("CREATE TABLE room.mine (id int PRIMARY KEY)");
                connections.commit();
            }
            var target = elsewhere.resolve("backup");
            assertThatThrownBy(() -> Backup.write(
                            database, FilledDatabase.settings(other).server(), target))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("ALTER TABLE \"room\".\"mine\" SET SCHEMA");
            assertThat(elsewhere)
                    .isDirectoryNotContaining(
                            path -> path.getFileName().toString().startsWith("backup"));
        }
    }

    @Test
    void databaseThatIsNotEmptyIsRefused() {
        assertThatThrownBy(() -> restore(backup, data))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("already");
    }

    /** What a restore that was killed has left is used by no server. */
    @Test
    void serverRefusesWhatARestoreHasLeftHalfDone() throws Exception {
        var other = elsewhere.resolve("data");
        restore(backup, other);
        try (var database = FilledDatabase.open(other);
                var connections = database.connect();
                var statement = connections.all().iterator().next().createStatement()) {
            statement.execute("COMMENT ON SCHEMA room IS 'A restore by Myelin has not ended'");
            connections.commit();
        }
        try (var server = ServerProcess.launch(other, Map.of())) {
            assertThat(server.sayings()).contains("restore the backup into an empty database");
            assertThat(server.status()).isEqualTo(1);
        }
    }

    private static void restore(Path from, Path into) throws SQLException, IOException {
        var settings = FilledDatabase.settings(into);
        var restore = Restore.of(from, settings.server());
        try (var database = ServerDatabases.create(settings)) {
            restore.into(database);
        }
    }

    private Path copyOfBackup() throws IOException {
        var copy = elsewhere.resolve("copy");
        try (var files = Files.walk(backup)) {
            for (var file : files.toList()) {
                Files.copy(file, copy.resolve(backup.relativize(file).toString()));
            }
        }
        return copy;
    }

    private static void change(Path copy, String from, String to) throws IOException {
        var manifest = copy.resolve("manifest.json");
        var text = Files.readString(manifest);
        assertThat(text).contains(from);
        Files.writeString(manifest, text.replace(from, to));
    }

    private static List<Damage> damages(ServerDatabases database) throws SQLException {
        var damages = new ArrayList<Damage>();
        try (var snapshot = database.snapshot()) {
            DatabaseCheck.run(snapshot::of, damages::add);
        }
        return damages;
    }

    /** The number of rows, and a hash over all of them, for each table that a backup keeps. */
    private static List<String> rows(ServerDatabases database) throws SQLException {
        var rows = new ArrayList<String>();
        try (var snapshot = database.snapshot();
                var statement = snapshot.all().iterator().next().createStatement()) {
            var tables = new ArrayList<String>();
            try (var table = statement.executeQuery("""
                    SELECT schemaname || '.' || tablename FROM pg_tables
                     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
                       AND tablename NOT IN ('instance', 'shard', 'server_life', 'flyway_schema_history') ORDER BY 1""")) {
                while (table.next()) {
                    tables.add(table.getString(1));
                }
            }
            for (var table : tables) {
                try (var row = statement.executeQuery(
                        "SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text))" + " FROM " + table + " t")) {
                    row.next();
                    rows.add(table + ": " + row.getLong(1) + " " + row.getString(2));
                }
            }
        }
        assertThat(rows).hasSizeGreaterThan(30);
        return rows;
    }
}
