package io.myelin.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.lang3.SystemUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once for all servers of a user from the archive on the class path.
 *
 * @param directory where they are: {@code bin/initdb}, {@code bin/pg_ctl}, ...
 */
record PostgresqlBinaries(Path directory) {
    private static final Logger log = LoggerFactory.getLogger(PostgresqlBinaries.class);

    /** The programs below {@code cache}, unpacked now if they are not there yet. */
    static PostgresqlBinaries in(Path cache) {
        var directory = cache.resolve("postgresql-" + version() + "-" + SystemUtils.OS_ARCH);
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(cache);
                var unfinished = Files.createTempDirectory(cache, "unpacking-");
                unpackTo(unfinished);
                publish(unfinished, directory);
            }
            return new PostgresqlBinaries(directory.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL cannot be unpacked to " + cache + ": " + e.getMessage(), e);
        }
    }

    /**
     * The command line of one of the programs. PostgreSQL refuses to run as root; for root it runs in a user namespace
     * without mapped users, where it owns the same files and has no privileges.
     */
    List<String> command(String program, String... arguments) {
        var command = new ArrayList<String>();
        if (LinuxUtils.isUnshareAvailable()) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(directory.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static String version() {
        try (var resource = PostgresqlBinaries.class.getResourceAsStream("postgresql.version")) {
            if (resource == null) {
                throw new FileNotFoundException("postgresql.version is not on the class path");
            }
            return new String(resource.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unpackTo(Path directory) throws IOException {
        log.info("Unpacking PostgreSQL {} to {}", version(), directory.getParent());
        try (var archive = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive())))) {
            for (var entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                var file = directory.resolve(entry.getName()).normalize();
                if (!file.startsWith(directory)) {
                    throw new IOException("The archive names a file outside of itself: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(file, directory.resolve(entry.getLinkName()));
                } else {
                    Files.copy(archive, file);
                    if (file.startsWith(directory.resolve("bin"))
                            && !file.toFile().setExecutable(true)) {
                        throw new IOException("Not made executable: " + file);
                    }
                }
            }
        }
    }

    private static InputStream archive() throws IOException {
        var system = SystemUtils.IS_OS_WINDOWS ? "Windows" : SystemUtils.IS_OS_MAC ? "Darwin" : "Linux";
        var machine = SystemUtils.OS_ARCH.equals("amd64") ? "x86_64" : SystemUtils.OS_ARCH;
        var archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
        if (archive == null) {
            throw new FileNotFoundException("no PostgreSQL on the class path for " + system + " on " + machine);
        }
        return archive;
    }

    /**
     * Moves the unpacked programs to their place. Two servers may unpack at once: the first rename wins, and the other
     * copy is deleted.
     */
    private static void publish(Path unfinished, Path directory) throws IOException {
        try {
            Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
            DirectoryTree.delete(unfinished);
        }
    }
}
