package io.myelin.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The content of {@code postmaster.pid}, which a running PostgreSQL writes into its directory.
 *
 * @param pid the postmaster's process
 * @param port the port that it listens on; 0 while it is not written yet
 * @param status {@code starting}, {@code ready}, {@code stopping}, ...; empty while it is not written yet
 */
record PostmasterFile(long pid, int port, String status) {
    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    /** The file in {@code cluster}; empty if there is none or the process that it names is not PostgreSQL. */
    static Optional<PostmasterFile> ofLivingIn(Path cluster) throws IOException {
        try {
            var lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
            if (lines.isEmpty()) {
                return Optional.empty();
            }
            var pid = Long.parseLong(lines.getFirst().strip());
            if (!isPostgresql(pid)) {
                return Optional.empty();
            }
            var port = lines.size() > PORT_LINE
                    ? Integer.parseInt(lines.get(PORT_LINE).strip())
                    : 0;
            var status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "";
            return Optional.of(new PostmasterFile(pid, port, status));
        } catch (NoSuchFileException | NumberFormatException absentOrHalfWritten) {
            return Optional.empty();
        }
    }

    boolean isReady() {
        return status.equals("ready");
    }

    boolean isAlive() {
        return isPostgresql(pid);
    }

    /** Whether the process lives and is PostgreSQL: its id may by now belong to another program. */
    private static boolean isPostgresql(long pid) {
        var process = ProcessHandle.of(pid);
        if (process.isEmpty() || !process.get().isAlive()) {
            return false;
        }
        var status = Path.of("/proc", Long.toString(pid), "stat");
        try {
            // Name and state, for example "4711 (postgres) S"; a dead process whose parent has not waited for it has
            // state Z.
            var line = Files.readString(status);
            var name = line.substring(line.indexOf('(') + 1, line.lastIndexOf(')'));
            return name.equals("postgres") && line.charAt(line.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException noProcFileSystem) {
            return !Files.exists(Path.of("/proc/self"))
                    && process.get()
                            .info()
                            .command()
                            .map(c -> c.endsWith("postgres"))
                            .orElse(true);
        }
    }
}
