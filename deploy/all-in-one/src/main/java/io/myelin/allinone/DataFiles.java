package io.myelin.allinone;

import java.nio.file.Path;

/** Files in a data directory that tools on this machine read. */
final class DataFiles {
    private DataFiles() {}

    /** Names the port on which the server takes commands. */
    static Path internalPort(Path data) {
        return data.resolve("internal.port");
    }

    /** Has the secret that goes with it. */
    static Path internalSecret(Path data) {
        return data.resolve("internal.secret");
    }
}
