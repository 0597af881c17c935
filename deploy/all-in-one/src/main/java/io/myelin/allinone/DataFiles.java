package io.myelin.allinone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Files in a data directory that tools on this machine read. */
final class DataFiles {
    private static final String PORT = "MYELIN_LISTENERS_INTERNAL_PORT";

    private DataFiles() {}

    /** The file with the port of the internal listener. */
    static Path internalPort(Path data) {
        return data.resolve("internal.port");
    }

    /** The file with the secret of the internal listener. */
    static Path internalSecret(Path data) {
        return data.resolve("internal.secret");
    }

    /**
     * The internal port of the server that runs on a data directory. If none ever has, as in the container of a single
     * component, it is the port that the environment names.
     *
     * @throws NoSuchFileException if it names none
     */
    static String internalPort(Path data, Map<String, String> environment) throws IOException {
        var file = internalPort(data);
        var given = environment.getOrDefault(PORT, "0").strip();
        return Files.exists(file) || given.equals("0") ? Files.readString(file).strip() : given;
    }
}
