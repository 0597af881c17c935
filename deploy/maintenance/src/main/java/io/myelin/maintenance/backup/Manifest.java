package io.myelin.maintenance.backup;

import io.myelin.postgres.AppliedMigration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in a backup. It is the last file that is written: a directory without it is no backup.
 *
 * @param format the version of the backup's layout
 * @param program the version of Myelin that made it
 * @param takenAt when its snapshot was taken, by the database's clock
 * @param database the version of PostgreSQL
 * @param signingKey the file with the server's signing key; null if it could not be read
 */
public record Manifest(
        int format,
        String program,
        String serverName,
        String takenAt,
        String database,
        List<OfSchema> schemas,
        @Nullable KeptFile signingKey) {

    /** The layout that this program writes, and the newest that it reads. */
    static final int FORMAT = 1;

    static final String FILE = "manifest.json";

    /**
     * @param migrations those that had made the schema
     * @param shards how far each had come
     */
    public record OfSchema(
            String name, List<AppliedMigration> migrations, List<ShardPosition> shards, List<OfTable> tables) {}

    /** A shard's row, where it says which facts the backup has. */
    public record ShardPosition(int id, long incarnation, long seq, long published) {}

    /** @param columns in the order in which the file has them */
    public record OfTable(String name, List<String> columns, long rows, KeptFile file) {}

    /**
     * A file of the backup.
     *
     * @param path in the backup's directory
     * @param sha256 of the file as it is, in hexadecimal digits
     */
    public record KeptFile(String path, long bytes, String sha256) {}

    /** The number of rows of all tables. */
    public long rows() {
        return schemas.stream()
                .flatMap(schema -> schema.tables().stream())
                .mapToLong(OfTable::rows)
                .sum();
    }
}
