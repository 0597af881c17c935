package io.myelin.maintenance;

import io.myelin.maintenance.backup.Backup;
import io.myelin.maintenance.backup.Manifest;
import io.myelin.maintenance.database.ServerDatabases;
import io.myelin.maintenance.database.ServerSettingsByService;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** {@code backup DIR}: writes everything that a server keeps into a new directory, while it runs or not. */
final class BackupCommand {

    private BackupCommand() {}

    static int run(String directory, ServerSettingsByService settings) throws SQLException, IOException {
        Path target = Path.of(directory).toAbsolutePath().normalize();
        try (var databases = ServerDatabases.open(settings)) {
            Manifest manifest = Backup.write(databases, settings.server(), target);
            System.out.println("Backed up " + manifest.rows() + " rows of "
                    + manifest.schemas().size() + " schemas, as of " + manifest.takenAt() + ", to " + target + ".");
            if (manifest.signingKey() == null) {
                System.out.println(
                        "The signing key " + settings.server().signingKey().toAbsolutePath()
                                + " cannot be read here: keep a copy of it with the backup.");
            }
        }
        return Verb.DONE;
    }
}
