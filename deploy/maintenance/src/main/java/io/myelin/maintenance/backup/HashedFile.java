package io.myelin.maintenance.backup;

import io.myelin.maintenance.backup.Manifest.KeptFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/** A new file of a backup, which only its owner can read. When it is closed, its content is on the disk. */
final class HashedFile extends OutputStream {

    private static final int BUFFER = 1 << 16;

    private final String path;
    private final FileChannel channel;
    private final MessageDigest digest = sha256();
    private long bytes;

    /** @param path in the backup's directory */
    HashedFile(Path backup, String path) throws IOException {
        this.path = path;
        Path file = backup.resolve(path);
        channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(file, "rw-------"));
    }

    /** Creates a directory that only its owner can use. */
    static void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, ownerOnly(directory, "rwx------"));
    }

    /** The same with the directories above it, unless it exists. */
    static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
    }

    private static FileAttribute<?>[] ownerOnly(Path file, String permissions) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] some, int from, int length) throws IOException {
        digest.update(some, from, length);
        ByteBuffer left = ByteBuffer.wrap(some, from, length);
        while (left.hasRemaining()) {
            channel.write(left);
        }
        bytes += length;
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.force(true);
            channel.close();
        }
    }

    /** What the manifest says of it, once it is closed. */
    KeptFile kept() {
        return new KeptFile(path, bytes, HexFormat.of().formatHex(digest.digest()));
    }

    /** Whether a file is as the manifest says. */
    static boolean isWhole(Path backup, KeptFile kept) throws IOException {
        Path file = backup.resolve(kept.path());
        if (!Files.isRegularFile(file) || Files.size(file) != kept.bytes()) {
            return false;
        }
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(kept.sha256());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
