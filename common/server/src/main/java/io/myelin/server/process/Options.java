package io.myelin.server.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a process, without its verb if it has one.
 *
 * @param file the configuration, null if there is none
 * @param settings what the command line itself sets, by the setting's key
 */
public record Options(@Nullable Path file, Map<String, String> settings) {
    private static final Path USUAL_FILE = Path.of("myelin.yaml");

    /** @throws Misuse if there are other words in it */
    public static Options parse(List<String> words) {
        var settings = new HashMap<String, String>();
        var file = Files.exists(USUAL_FILE) ? USUAL_FILE : null;
        var remaining = words.iterator();
        while (remaining.hasNext()) {
            var word = remaining.next();
            if (!word.equals("--data") && !word.equals("--config")) {
                throw new Misuse("There is no option " + word + ". There are: --data DIR, --config FILE.");
            }
            if (!remaining.hasNext()) {
                throw new Misuse(word + " needs a value.");
            }
            if (word.equals("--data")) {
                settings.put("data", remaining.next());
            } else {
                file = Path.of(remaining.next());
            }
        }
        return new Options(file, settings);
    }

    /** The command line cannot be understood; the message is for the user who wrote it. */
    public static final class Misuse extends IllegalArgumentException {
        public Misuse(String message) {
            super(message);
        }
    }
}
