package io.myelin.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The directory with all data of one server, locked by one process at a time.
 *
 * <p>The lock is the operating system's: it ends with the process, however that ends. The directory contains {@code
 * postgresql/}, {@code kafka/}, {@code logs/}, {@code temporary/} (emptied when a server takes the directory, since a
 * killed server leaves files behind), one file for each secret, and {@code myelin.pid}.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String UNFINISHED_RESTORE = "restore.unfinished";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path path;
    private final @Nullable FileChannel lockFile;

    private DataDirectory(Path path, @Nullable FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory if it does not exist (readable by its owner only) and locks it for this process.
     *
     * @throws DataDirectoryInUse if another process, or this one, has locked it already
     */
    public static DataDirectory open(Path directory) {
        try {
            Files.createDirectories(directory);
            var path = directory.toRealPath();
            DurableFile.restrictToOwner(path, "rwx------");
            var lockFile = FileChannel.open(
                    path.resolve("myelin.pid"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (tryLock(lockFile) == null) {
                var holder = Files.readString(path.resolve("myelin.pid")).strip();
                lockFile.close();
                throw new DataDirectoryInUse(path, holder);
            }
            lockFile.truncate(0);
            lockFile.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            if (Files.exists(path.resolve(UNFINISHED_RESTORE))) {
                lockFile.close();
                throw new IllegalStateException(
                        "A restore into " + path + " was interrupted, so there is only a part of"
                                + " the data: delete the directory, and restore the backup again.");
            }
            Files.createDirectories(path.resolve("logs"));
            DirectoryTree.delete(path.resolve("temporary"));
            Files.createDirectory(path.resolve("temporary"));
            return new DataDirectory(path, lockFile);
        } catch (IOException e) {
            throw new UncheckedIOException("The data directory " + directory + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Until {@link #endRestore}, also by the next process, no server starts on this directory. */
    public void beginRestore() {
        try {
            DurableFile.write(path.resolve(UNFINISHED_RESTORE), "A restore has begun and not ended.\n");
        } catch (IOException e) {
            throw new UncheckedIOException("The data directory " + path + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** @param isWhole whether everything is restored; else the database is deleted, which must not run any more */
    public void endRestore(boolean isWhole) {
        try {
            if (!isWhole) {
                DirectoryTree.delete(path.resolve("postgresql"));
            }
            Files.deleteIfExists(path.resolve(UNFINISHED_RESTORE));
        } catch (IOException e) {
            throw new UncheckedIOException("The data directory " + path + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * The directory for a further process of a server whose first process has locked it. This process takes no lock.
     */
    public static DataDirectory shared(Path directory) {
        try {
            return new DataDirectory(directory.toRealPath(), null);
        } catch (IOException e) {
            throw new UncheckedIOException("The data directory " + directory + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /** The directory, absolute and without symbolic links. */
    public Path path() {
        return path;
    }

    /** The directory for files that are not needed after the process ends. */
    public Path temporary() {
        return path.resolve("temporary");
    }

    /** The log file of a component. */
    public Path log(String component) {
        return path.resolve("logs").resolve(component + ".log");
    }

    /**
     * The secret of this name: 64 hexadecimal digits, drawn at the first call and the same from then on. It is kept in
     * {@code <name>.secret}, which only its owner can read.
     */
    public String secret(String name) {
        var file = path.resolve(name + ".secret");
        try {
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
            var bytes = new byte[32];
            RANDOM.nextBytes(bytes);
            var secret = HexFormat.of().formatHex(bytes);
            DurableFile.write(file, secret + "\n");
            return secret;
        } catch (IOException e) {
            throw new UncheckedIOException("The secret " + file + " cannot be read or written: " + e.getMessage(), e);
        }
    }

    /**
     * A port on 127.0.0.1 for this purpose. It is free now, noted in {@code <name>.port}, nobody else's in this directory, and
     * the same as before if it can be.
     */
    public int port(String name) {
        return LoopbackPort.remembered(path, name);
    }

    /** Notes a port that is configured, so that {@link #port} chooses it for no other purpose. */
    public void reservePort(String name, int port) {
        try {
            DurableFile.write(path.resolve(name + ".port"), port + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Releases the lock on the directory, if this process holds it. */
    @Override
    public void close() {
        if (lockFile == null) {
            return;
        }
        try {
            lockFile.truncate(0);
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
