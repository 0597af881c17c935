package io.myelin.maintenance;

import io.myelin.maintenance.database.ServerDatabases;
import io.myelin.maintenance.database.ServerSettingsByService;
import io.myelin.postgres.check.Damage;
import io.myelin.postgres.check.Unchecked;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** {@code check [--json]}: looks for damage in the database, and prints a line for each. */
final class CheckCommand {

    /** The answer as JSON. */
    private record Report(int schemas, List<Damage> damages, List<Unchecked> unchecked) {}

    private CheckCommand() {}

    static int run(boolean json, ServerSettingsByService settings) throws SQLException {
        List<Damage> damages = new ArrayList<>();
        DatabaseCheck.Done done;
        try (var databases = ServerDatabases.open(settings);
                var snapshot = databases.snapshot()) {
            done = DatabaseCheck.run(snapshot::of, damage -> {
                damages.add(damage);
                if (!json) {
                    System.out.println(damage);
                }
            });
        }
        if (json) {
            System.out.println(
                    JsonMapper.shared().writeValueAsString(new Report(done.schemas(), damages, done.unchecked())));
        } else {
            done.unchecked().forEach(System.out::println);
            System.out.println("Checked " + done.schemas() + " schemas: " + summary(damages, done.unchecked()));
        }
        return status(damages, done.unchecked());
    }

    private static String summary(List<Damage> damages, List<Unchecked> unchecked) {
        String found = damages.isEmpty() ? "no damage" : damages.size() + " damages, each in a line above";
        return found + (unchecked.isEmpty() ? "." : "; " + unchecked.size() + " things could not be checked.");
    }

    /** Damage counts before what could not be checked: it is certain. */
    static int status(List<Damage> damages, List<Unchecked> unchecked) {
        if (!damages.isEmpty()) {
            return Verb.DAMAGED;
        }
        return unchecked.isEmpty() ? Verb.DONE : Verb.FAILED;
    }
}
