package io.myelin.allinone;

import io.myelin.embedded.DataDirectory;
import io.myelin.embedded.DurableFile;
import io.myelin.web.InternalListener;
import io.myelin.web.config.MyelinProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Where the server listens for its own tools on this machine. The port and the secret that they have to show are in the
 * data directory, {@code internal.port} and {@code internal.secret}: who can read those may command the server.
 *
 * @param number the port on 127.0.0.1
 * @param secret which the tools show
 */
record InternalPort(int number, String secret) {
    static InternalPort of(MyelinProperties properties, DataDirectory data) {
        var configured = properties.listeners().internalPort();
        if (configured == 0) {
            return new InternalPort(data.port("internal"), data.secret("internal"));
        }
        try {
            DurableFile.write(portFile(data.path()), configured + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new InternalPort(configured, data.secret("internal"));
    }

    /** What admits requests to internal controllers. */
    InternalListener listener() {
        return new InternalListener(() -> number, secret);
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
