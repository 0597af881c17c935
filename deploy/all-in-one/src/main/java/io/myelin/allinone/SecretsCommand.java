package io.myelin.allinone;

import io.myelin.embedded.DurableFile;
import io.myelin.server.process.Options;
import io.myelin.server.process.SigningKeyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * {@code secrets DIR}: makes the files that the processes of one server share, and leaves alone those that exist. Each is
 * readable by its owner only. The owner is whoever runs the command, or, if that is root, the user of the image.
 */
final class SecretsCommand {
    /** The user and the group that the image runs as. */
    static final int IMAGE_USER = 10001;

    static final String SIGNING_KEY = "signing.key";
    static final String INTERNAL_SECRET = "internal.secret";
    static final String DATABASE_PASSWORD = "database.password";
    static final String CERTIFICATE = "tls.crt";
    static final String PRIVATE_KEY = "tls.key";
    static final List<String> FILES =
            List.of(SIGNING_KEY, INTERNAL_SECRET, DATABASE_PASSWORD, CERTIFICATE, PRIVATE_KEY);
    private static final int SECRET_BYTES = 32;
    private static final Path SELF = Path.of("/proc/self");

    private SecretsCommand() {}

    /** Returns the exit status of the process. */
    static int run(List<String> words) {
        if (words.size() != 1 || words.getFirst().startsWith("-")) {
            throw new Options.UsageError("Usage: secrets DIR");
        }
        var directory = Path.of(words.getFirst());
        var certificate = directory.resolve(CERTIFICATE);
        var privateKey = directory.resolve(PRIVATE_KEY);
        if (Files.exists(certificate) != Files.exists(privateKey)) {
            var isKeyMissing = Files.exists(certificate);
            System.err.println((isKeyMissing ? certificate : privateKey) + " is there, but "
                    + (isKeyMissing ? privateKey : certificate) + ", which belongs to it, is not. Add it, or move the"
                    + " other away: without both, a new pair is made.");
            return 1;
        }
        try {
            Files.createDirectories(directory);
            SigningKeyFile.readOrCreate(directory.resolve(SIGNING_KEY));
            createSecret(directory.resolve(INTERNAL_SECRET));
            createSecret(directory.resolve(DATABASE_PASSWORD));
            createCertificate(directory.resolve(CERTIFICATE), directory.resolve(PRIVATE_KEY));
            if (isRoot()) {
                for (var name : FILES) {
                    giveToImageUser(directory.resolve(name));
                }
            }
            System.out.println(directory.toAbsolutePath().normalize() + " has " + String.join(", ", FILES) + ".");
            return 0;
        } catch (IOException | UncheckedIOException e) {
            System.err.println("The secrets in " + directory.toAbsolutePath().normalize() + " cannot be made: " + e);
            return 1;
        }
    }

    private static void createSecret(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        DurableFile.write(file, HexFormat.of().formatHex(bytes) + "\n");
    }

    /** A certificate for the federation port, which encrypts but which no other server trusts. */
    private static void createCertificate(Path certificate, Path privateKey) {
        if (!Files.exists(certificate)) {
            var serverName = System.getenv().getOrDefault("MYELIN_SERVER_NAME", "localhost");
            SelfSignedCertificate.create(TlsIdentity.host(serverName), certificate, privateKey);
        }
    }

    /** By the number: in a container a user may have no name. */
    private static boolean isRoot() throws IOException {
        return Files.isDirectory(SELF) && Integer.valueOf(0).equals(Files.getAttribute(SELF, "unix:uid"));
    }

    private static void giveToImageUser(Path file) throws IOException {
        Files.setAttribute(file, "unix:gid", IMAGE_USER);
        Files.setAttribute(file, "unix:uid", IMAGE_USER);
    }
}
