package io.myelin.maintenance.backup;

import io.myelin.maintenance.backup.Manifest.KeptFile;
import io.myelin.maintenance.backup.Manifest.OfTable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * A table's rows as PostgreSQL's {@code COPY} has them in binary, compressed. The rows pass through: memory does not grow
 * with the table.
 *
 * @param columns without those that PostgreSQL computes itself
 */
record CopiedTable(String schema, String name, List<String> columns) {

    private static final int BUFFER = 1 << 16;

    /** Writes the rows that the connection's snapshot has. */
    OfTable writeTo(Path backup, Connection connection) throws SQLException, IOException {
        String file = schema + "/" + name + ".copy.gz";
        var written = new HashedFile(backup, file);
        long rows;
        try (OutputStream out = new FastGzip(written)) {
            rows = copies(connection).copyOut("COPY " + rows() + " TO STDOUT (FORMAT binary)", out);
        }
        return new OfTable(name, columns, rows, written.kept());
    }

    /**
     * Loads the rows that {@link #writeTo} has written.
     *
     * @return how many there are
     */
    long load(Path backup, KeptFile file, Connection connection) throws SQLException, IOException {
        try (InputStream in = new GZIPInputStream(
                new BufferedInputStream(Files.newInputStream(backup.resolve(file.path())), BUFFER), BUFFER)) {
            return copies(connection).copyIn("COPY " + rows() + " FROM STDIN (FORMAT binary)", in, BUFFER);
        }
    }

    String qualifiedName() {
        return quoted(schema) + "." + quoted(name);
    }

    private String rows() {
        return qualifiedName() + " ("
                + columns.stream().map(CopiedTable::quoted).collect(Collectors.joining(", ")) + ")";
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static CopyManager copies(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    /** Compresses at the speed of a disk: the server that is backed up needs the processor too. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
