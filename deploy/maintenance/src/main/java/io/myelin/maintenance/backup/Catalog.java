package io.myelin.maintenance.backup;

import io.myelin.maintenance.database.Refused;
import io.myelin.postgres.SchemaRestore;
import io.myelin.postgres.ServiceSchema;
import io.myelin.postgres.Snapshot;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which tables a schema has, as PostgreSQL's own catalog says. */
final class Catalog {

    private static final String FLYWAY = "flyway_schema_history";

    /** Of a partitioned table, only its partitions have rows. What is not logged is of the moment. */
    private static final String TABLES = """
            SELECT relname FROM pg_class
             WHERE relnamespace = to_regnamespace(?) AND relkind = 'r' AND relpersistence = 'p'
             ORDER BY relname""";

    private static final String COLUMNS = """
            SELECT attname FROM pg_attribute
             WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
             ORDER BY attnum""";

    private static final String SEQUENCES =
            "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(?) AND relkind = 'S'";

    private static final String SCHEMAS = "SELECT to_regnamespace(?) IS NOT NULL";

    private final JdbcClient jdbc;

    Catalog(Connection connection) {
        jdbc = Snapshot.of(connection);
    }

    boolean has(ServiceSchema schema) {
        return jdbc.sql(SCHEMAS).param(schema.name()).query(Boolean.class).single();
    }

    /**
     * The tables that a backup keeps.
     *
     * @throws Refused if the schema has a sequence, which no service of this program has, or a table that none of its
     *     migrations makes: a restore would not find it
     */
    List<CopiedTable> tables(ServiceSchema schema) {
        List<String> sequences =
                jdbc.sql(SEQUENCES).param(schema.name()).query(String.class).list();
        if (!sequences.isEmpty()) {
            throw new Refused("The schema " + schema.name() + " has the sequence " + sequences.getFirst()
                    + ", which a backup would not keep.");
        }
        List<String> tables = jdbc.sql(TABLES).param(schema.name()).query(String.class).list().stream()
                .filter(table -> !table.equals(FLYWAY) && !ServiceSchema.OF_THE_MOMENT.contains(table))
                .toList();
        Set<String> made = SchemaRestore.tables(schema);
        tables.stream().filter(table -> !made.contains(table)).findFirst().ifPresent(table -> {
            throw new Refused("The schema " + schema.name() + " has the table " + table + ", which no service of this"
                    + " program has made: a backup with it could not be restored. If it is yours, move it to a schema of"
                    + " its own (ALTER TABLE " + new CopiedTable(schema.name(), table, List.of()).qualifiedName()
                    + " SET SCHEMA ...). If a newer version of Myelin has made it, back up with that version.");
        });
        return tables.stream()
                .map(table -> new CopiedTable(schema.name(), table, columns(schema.name(), table)))
                .toList();
    }

    private List<String> columns(String schema, String table) {
        return jdbc.sql(COLUMNS)
                .param(CopiedTable.quoted(schema) + "." + CopiedTable.quoted(table))
                .query(String.class)
                .list();
    }
}
