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
 * How to start a process.
 *
 * @param command the program and its arguments
 * @param settings variables of its environment; they replace all variables of the supervisor that are settings of Myelin
 * @param output the file for its standard output and error
 * @param stopSignal the signal that asks it to end: {@code TERM}
 * @param version changes if the program behind the command changes, such as by newly built jars
 */
record Launch(List<String> command, Map<String, String> settings, Path output, String stopSignal, String version) {
    static final String SETTING = "MYELIN_";

    Launch {
        command = List.copyOf(command);
        settings = Map.copyOf(settings);
    }

    /** Equal for two launches if a process of one can be used in place of a process of the other. */
    String fingerprint() {
        try {
            var everything = String.join("\0", command) + "\0" + new TreeMap<>(settings) + "\0" + version;
            var digest = MessageDigest.getInstance("SHA-256").digest(everything.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Starts the process in a session of its own, so that signals to the supervisor or its terminal do not end it. */
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
