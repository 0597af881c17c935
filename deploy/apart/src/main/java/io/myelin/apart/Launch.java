package io.myelin.apart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a process is started.
 *
 * @param command the program and its arguments
 * @param settings variables of its environment, beside those that are the supervisor's and no settings of Myelin
 * @param output where it writes what it says
 * @param stopSignal what asks it to end: {@code TERM}
 * @param version changes with what is behind the command: jars that were built anew
 */
record Launch(List<String> command, Map<String, String> settings, Path output, String stopSignal, String version) {
    static final String SETTING = "MYELIN_";

    Launch {
        command = List.copyOf(command);
        settings = Map.copyOf(settings);
    }

    /** The same for two launches if a process of the one does for the other. */
    String fingerprint() {
        try {
            var everything = String.join("\0", command) + "\0" + new TreeMap<>(settings) + "\0" + version;
            var digest = MessageDigest.getInstance("SHA-256").digest(everything.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** The process, in a session of its own: what ends the supervisor, or its terminal, does not end it. */
    Process start() throws IOException {
        var words = new ArrayList<>(List.of("setsid"));
        words.addAll(command);
        var builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith(SETTING));
        builder.environment().putAll(settings);
        return builder.start();
    }
}
