package io.myelin.maintenance;

import io.myelin.maintenance.backup.Manifest;
import io.myelin.maintenance.backup.Restore;
import io.myelin.maintenance.database.ServerDatabases;
import io.myelin.maintenance.database.ServerSettingsByService;
import io.myelin.postgres.check.Damage;
import io.myelin.postgres.check.Unchecked;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** {@code restore DIR}: makes the database of a new server out of a backup, and checks it. */
final class RestoreCommand {

    private RestoreCommand() {}

    static int run(String directory, ServerSettingsByService settings) throws SQLException, IOException {
        Path source = Path.of(directory).toAbsolutePath().normalize();
        Restore restore = Restore.of(source, settings.server());
        List<Damage> damages = new ArrayList<>();
        List<Unchecked> unchecked;
        try (var databases = ServerDatabases.create(settings)) {
            restore.into(databases);
            try (var snapshot = databases.snapshot()) {
                unchecked = DatabaseCheck.run(snapshot::of, damage -> {
                            damages.add(damage);
                            System.out.println(damage);
                        })
                        .unchecked();
            }
        }
        unchecked.forEach(System.out::println);
        Manifest manifest = restore.manifest();
        System.out.println(
                "Restored " + manifest.rows() + " rows of " + manifest.schemas().size() + " schemas, as of "
                        + manifest.takenAt() + ". "
                        + summary(damages, unchecked));
        if (manifest.signingKey() == null) {
            System.out.println("The backup has no signing key: put the server's own to "
                    + settings.server().signingKey().toAbsolutePath() + " before you start it.");
        }
        return CheckCommand.status(damages, unchecked);
    }

    private static String summary(List<Damage> damages, List<Unchecked> unchecked) {
        if (!damages.isEmpty()) {
            return "The backup has " + damages.size() + " damages, each in a line above.";
        }
        return unchecked.isEmpty()
                ? "There is no damage in them."
                : "They could not all be checked: do that with ./myelin check.";
    }
}
