package io.myelin.allinone;

import io.myelin.server.process.ConfigurationReload.Outcome;
import io.myelin.server.process.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code reload [--data DIR]}: has the running process read its configuration again, as a SIGHUP does, and prints what came of
 * it. The process is the server on these data, or the one in this container.
 */
final class ReloadCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.shared();

    private ReloadCommand() {}

    /** Returns the exit status of the process: 0, 1 if nothing was changed because something is not allowed. */
    static int run(List<String> words) {
        var options = Options.parse(words);
        var data =
                Path.of(options.settings().getOrDefault("data", System.getenv().getOrDefault("MYELIN_DATA", "data")));
        try {
            var answer = send(data);
            if (answer.status() == 200) {
                return print(JSON.readValue(answer.text(), Outcome.class));
            }
            System.err.println("The process answers " + answer.status() + ": " + answer.text());
        } catch (IOException e) {
            System.err.println("The process on " + data.toAbsolutePath() + " does not answer: " + e.getMessage());
        }
        return 1;
    }

    private static InternalRequest.Answer send(Path data) throws IOException {
        var portFile = DataFiles.internalPort(data);
        var environment = System.getenv();
        var port = Files.exists(portFile)
                ? Files.readString(portFile).strip()
                : environment.getOrDefault("MYELIN_LISTENERS_INTERNAL_PORT", HealthCommand.USUAL_PORT);
        var secret = environment.get("MYELIN_INTERNAL_SECRET_FILE");
        var secretFile = Files.exists(portFile) || secret == null ? DataFiles.internalSecret(data) : Path.of(secret);
        return InternalRequest.send("POST", port, secretFile, "/_myelin/internal/reload", "", PATIENCE);
    }

    /** Returns the exit status. */
    static int print(Outcome outcome) {
        if (!outcome.mistakes().isEmpty()) {
            System.err.println("Nothing has changed. The configuration has mistakes:");
            outcome.mistakes().forEach(mistake -> System.err.println("  " + mistake));
            return 1;
        }
        if (!outcome.needRestart().isEmpty()) {
            System.err.println(
                    "Nothing has changed. Only a restart can change " + String.join(", ", outcome.needRestart()) + ".");
            return 1;
        }
        System.out.println(
                outcome.changed().isEmpty()
                        ? "The configuration is the same as before."
                        : "Changed: " + String.join(", ", outcome.changed()) + ".");
        return 0;
    }
}
