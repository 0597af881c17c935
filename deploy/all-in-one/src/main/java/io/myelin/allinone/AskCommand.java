package io.myelin.allinone;

import io.myelin.server.process.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code ask METHOD PORT_FILE SECRET_FILE PATH}: sends a request of the launcher to a running process, and prints the
 * answer.
 */
final class AskCommand {
    /** Long enough for a request that starts components one after the other before it is answered. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final int REFUSED = 1;
    private static final int NO_ANSWER = 3;
    private static final int WORDS = 4;

    private AskCommand() {}

    /** Returns the exit status of the process: 0, 1 if the request was refused, 3 if there was no answer. */
    static int run(List<String> words) {
        if (words.size() != WORDS) {
            throw new Options.UsageError("Usage: ask METHOD PORT_FILE SECRET_FILE PATH");
        }
        try {
            var answer = InternalRequest.send(
                    words.get(0),
                    Files.readString(Path.of(words.get(1))).strip(),
                    Path.of(words.get(2)),
                    words.get(3),
                    "",
                    PATIENCE);
            var isDone = answer.status() == 200;
            (isDone ? System.out : System.err).print(answer.text());
            return isDone ? 0 : REFUSED;
        } catch (IOException e) {
            return NO_ANSWER;
        }
    }
}
