package io.myelin.allinone;

import java.nio.file.Path;

/** Files in a data directory that tools on this machine read. */
final class DataFiles {
    private DataFiles() {}

    /** The file with the port of the internal listener. */
    static Path internalPort(Path data) {
        return data.resolve("internal.port");
    }

    /** The file with the secret of the internal listener. */
    static Path internalSecret(Path data) {
        return data.resolve("internal.secret");
    }
}
