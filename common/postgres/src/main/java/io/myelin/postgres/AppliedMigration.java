package io.myelin.postgres;

import java.sql.Connection;
import java.util.List;

/**
 * A migration that a schema has had.
 *
 * @param script the file's name, such as {@code V3__state.sql}
 * @param checksum Flyway's, of the script as it was applied
 */
public record AppliedMigration(String version, String script, int checksum) {

    /** A schema's migrations, in the order in which they were applied. */
    public static List<AppliedMigration> of(Connection connection, ServiceSchema schema) {
        return Snapshot.of(connection)
                .sql("SELECT version, script, checksum FROM " + schema.name()
                        + ".flyway_schema_history WHERE version IS NOT NULL AND success ORDER BY installed_rank")
                .query((row, _) ->
                        new AppliedMigration(row.getString("version"), row.getString("script"), row.getInt("checksum")))
                .list();
    }
}
