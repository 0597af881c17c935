package io.myelin.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Small files that survive a power cut: all of a file is there or nothing of it, and once it has been written, it is
 * on the disk, its name too.
 */
public final class DurableFile {
    private DurableFile() {}

    /** Writes a file that its owner alone can read, in the place of an older one; on disk when this returns. */
    public static void write(Path file, String content) throws IOException {
        var unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        try (var channel = FileChannel.open(
                unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(unfinished))) {
            channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        move(unfinished, file);
    }

    /** Renames a file or directory; the new name is on disk when this returns, what is behind it was before. */
    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        synchronizeNames(to.resolveSibling("."));
    }

    /** Puts the names in a directory on the disk, where the system can do that. */
    private static void synchronizeNames(Path directory) throws IOException {
        if (isPosix(directory)) {
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** So made, a file is nobody else's from its beginning. */
    private static FileAttribute<?>[] ownerOnly(Path file) {
        return isPosix(file.toAbsolutePath())
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    static void restrictToOwner(Path file, String permissions) throws IOException {
        if (isPosix(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        }
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
