package io.myelin.allinone;

import io.myelin.embedded.DataDirectory;
import io.myelin.web.config.MyelinProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/**
 * Where the server listens for its own tools on this machine, and the secret that they have to show. Both are in the
 * data directory, {@code internal.port} and {@code internal.secret}: who can read that may command the server.
 */
@Component
class InternalListener {
    /** Everything below this path is internal. */
    static final String PATH = "/_myelin/internal";

    private final int port;
    private final String secret;

    InternalListener(MyelinProperties properties, DataDirectory data) {
        var configured = properties.listeners().internalPort();
        port = configured == 0 ? data.port("internal") : configured;
        secret = data.secret("internal");
        try {
            Files.writeString(portFile(data.path()), port + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    String secret() {
        return secret;
    }

    /** The file that names the port of the server on these data. */
    static Path portFile(Path data) {
        return data.resolve("internal.port");
    }

    /** The file with its secret. */
    static Path secretFile(Path data) {
        return data.resolve("internal.secret");
    }
}
