package io.myelin.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * PostgreSQL's files, and what its tools do with them: create, start, stop. Stateless: {@code postmaster.pid} says
 * whether a server runs.
 *
 * @param binaries the programs
 * @param directory the database cluster, PostgreSQL's {@code PGDATA}
 * @param log the server's log file
 * @param superuserPassword of the role {@code postgres}
 */
record PostgresqlCluster(PostgresqlBinaries binaries, Path directory, Path log, String superuserPassword) {
    static final String SUPERUSER = "postgres";

    /** Creates the cluster unless it exists: completely or not at all, whenever the process may be killed. */
    void createIfAbsent() throws IOException {
        if (Files.exists(directory.resolve("PG_VERSION"))) {
            return;
        }
        var unfinished = directory.resolveSibling(directory.getFileName() + ".new");
        DirectoryTree.delete(unfinished);
        var password = directory.resolveSibling(directory.getFileName() + ".password");
        DurableFile.write(password, superuserPassword + "\n");
        try {
            run(binaries.command(
                    "initdb",
                    "--pgdata=" + unfinished,
                    "--username=" + SUPERUSER,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-instructions"));
        } finally {
            Files.deleteIfExists(password);
        }
        DurableFile.move(unfinished, directory);
    }

    /**
     * Starts the server and returns when it accepts connections, however long its recovery takes.
     *
     * @throws PostgresqlFailure if it does not start; the message has its output
     */
    void start(PostgresqlSettings settings, int port) throws IOException {
        var configuration = settings.asConfigurationFile(port);
        var file = directory.resolve("postgresql.conf");
        if (!Files.exists(file) || !Files.readString(file).equals(configuration)) {
            DurableFile.write(file, configuration);
        }
        if (PostmasterFile.ofLivingIn(directory).isEmpty()) {
            // The file is left by a crash. PostgreSQL would take any process with that id for the old server.
            Files.deleteIfExists(directory.resolve("postmaster.pid"));
        }
        run(binaries.command(
                "pg_ctl",
                "--pgdata=" + directory,
                "--log=" + log,
                "--silent",
                "--wait",
                "--timeout=" + Duration.ofMinutes(10).toSeconds(),
                "start"));
    }

    /**
     * Stops the server: connections end, and everything committed is on the disk. If that takes too long, the server is
     * stopped at once, and the next start recovers.
     */
    void stop(Duration patience) throws IOException {
        var before = PostmasterFile.ofLivingIn(directory);
        if (before.isEmpty()) {
            return;
        }
        try {
            run(stopCommand("fast", patience));
        } catch (PostgresqlFailure tooSlow) {
            if (PostmasterFile.ofLivingIn(directory).isPresent()) {
                run(stopCommand("immediate", patience));
            }
        }
    }

    private List<String> stopCommand(String mode, Duration patience) {
        return binaries.command(
                "pg_ctl",
                "--pgdata=" + directory,
                "--mode=" + mode,
                "--silent",
                "--wait",
                "--timeout=" + patience.toSeconds(),
                "stop");
    }

    Optional<PostmasterFile> running() throws IOException {
        return PostmasterFile.ofLivingIn(directory);
    }

    /** Whether a process of a dead server still works on these files. */
    boolean hasProcesses() throws IOException {
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return false;
        }
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                if (worksHere(process)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean worksHere(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(directory)
                    && Files.readString(process.resolve("stat")).contains("(postgres)");
        } catch (IOException goneOrSomebodyElses) {
            return false;
        }
    }

    /** A connection as the superuser, to the database {@code postgres}. */
    Connection connectAsSuperuser(int port) throws SQLException {
        return connect(port, "postgres", SUPERUSER, superuserPassword);
    }

    static Connection connect(int port, String database, String user, String password) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "10");
        return DriverManager.getConnection(url(port, database), properties);
    }

    static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private void run(List<String> command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new PostgresqlFailure(String.join(" ", command), output.strip(), log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + command.getFirst(), e);
        }
    }
}
