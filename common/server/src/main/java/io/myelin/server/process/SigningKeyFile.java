package io.myelin.server.process;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.settings.ConfigurationRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The file of the server's signing key: one line, {@code ed25519 <version> <seed as unpadded base64>}, the form that
 * other homeservers use too.
 */
public final class SigningKeyFile {
    private SigningKeyFile() {}

    /**
     * The key in {@code file}. If there is no such file, it is made now, readable by its owner only. This is for the one
     * process that starts a server: if each of several processes made a key, other servers would trust only one of them.
     */
    public static SigningKey readOrCreate(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The signing key " + file + " cannot be read or written.", e);
        }
    }

    /**
     * The key in {@code file}, which has to be there.
     *
     * @throws ConfigurationRefused if it is not; the message says how to make it
     */
    public static SigningKey read(Path file) {
        try {
            return parse(file);
        } catch (IOException e) {
            throw new ConfigurationRefused(
                    List.of("signing-key-file: " + file + " cannot be read. All processes of a server"
                            + " have the same signing key, so none of them makes one. Make it once, with './myelin secrets DIR',"
                            + " and give it to all of them."));
        }
    }

    private static SigningKey parse(Path file) throws IOException {
        var words = Files.readString(file).strip().split("\\s+", -1);
        if (words.length != 3 || !words[0].equals("ed25519")) {
            throw new IllegalStateException(file + " is no signing key: it must be 'ed25519 <version> <seed>'.");
        }
        return SigningKey.fromSeed("ed25519:" + words[1], words[2]);
    }

    /** Gives a file a second name, as {@link Files#createLink} does. */
    @FunctionalInterface
    interface Link {
        void create(Path name, Path existing) throws IOException;
    }

    private static void create(Path file) throws IOException {
        create(file, Files::createLink);
    }

    /** Makes a key. Once this returns, the file is on the disk. */
    static void create(Path file, Link link) throws IOException {
        var random = new SecureRandom();
        var version =
                "a_" + Integer.toString(random.nextInt(1 << 20, 1 << 24), 36).toLowerCase(Locale.ROOT);
        var key = SigningKey.generate("ed25519:" + version, random);
        var directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        var unfinished = file.resolveSibling(file.getFileName() + "." + version + ".new");
        // The file is created with these permissions, whatever the umask, so that no other user can open it in between.
        var permissions = isPosix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (var channel = FileChannel.open(
                unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
            var line = "ed25519 " + version + " " + key.seedBase64() + "\n";
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
        }
        try {
            name(unfinished, file, link);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        if (directory != null && isPosix(directory)) {
            try (var names = FileChannel.open(directory, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    /** Unlike a rename, a link never replaces a file that another process has just made. Not every file system has links. */
    private static void name(Path unfinished, Path file, Link link) throws IOException {
        try {
            link.create(file, unfinished);
        } catch (FileAlreadyExistsException somebodyElseWasFaster) {
            return;
        } catch (IOException | UnsupportedOperationException noLinks) {
            if (!Files.exists(file)) {
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
