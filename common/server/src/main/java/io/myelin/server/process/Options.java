package io.myelin.server.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The options of a command line, without its verb if it has one: {@code --data} and {@code --config}, which every program
 * knows, and those of the program itself. Why this is not picocli: {@code docs/adr/0019}.
 */
public final class Options {
    private static final Path USUAL_FILE = Path.of("myelin.yaml");

    /**
     * An option that a program knows.
     *
     * @param name such as {@code --data}
     * @param value stands for its value in messages, such as {@code DIR}; empty if the option has no value
     */
    public record Option(String name, String value) {
        @Override
        public String toString() {
            return value.isEmpty() ? name : name + " " + value;
        }
    }

    private static final Option DATA = new Option("--data", "DIR");
    private static final Option CONFIG = new Option("--config", "FILE");

    private final Map<String, String> given;

    private Options(Map<String, String> given) {
        this.given = given;
    }

    /**
     * Reads a command line; of an option that is given twice, the second value counts.
     *
     * @param further the program's own options
     * @throws UsageError if there is another word, or a value is missing
     */
    public static Options parse(List<String> words, Option... further) {
        var known = Stream.concat(Arrays.stream(further), Stream.of(DATA, CONFIG))
                .collect(Collectors.toMap(Option::name, option -> option));
        var given = new HashMap<String, String>();
        var remaining = words.iterator();
        while (remaining.hasNext()) {
            var word = remaining.next();
            var option = known.get(word);
            if (option == null) {
                throw new UsageError("There is no option " + word + ". There are: "
                        + known.values().stream().map(Option::toString).sorted().collect(Collectors.joining(", "))
                        + ".");
            }
            if (!option.value().isEmpty() && !remaining.hasNext()) {
                throw new UsageError(word + " needs a value.");
            }
            given.put(word, option.value().isEmpty() ? "" : remaining.next());
        }
        return new Options(given);
    }

    /** The configuration: the file that was named, or {@code myelin.yaml} if it exists; null if there is none. */
    public @Nullable Path file() {
        var named = given.get(CONFIG.name());
        if (named != null) {
            return Path.of(named);
        }
        return Files.exists(USUAL_FILE) ? USUAL_FILE : null;
    }

    /** What the command line itself sets, by the setting's key. */
    public Map<String, String> settings() {
        var data = given.get(DATA.name());
        return data == null ? Map.of() : Map.of("data", data);
    }

    public boolean has(Option option) {
        return given.containsKey(option.name());
    }

    /** The value of an option; empty if it was not given. */
    public String value(Option option) {
        return given.getOrDefault(option.name(), "");
    }

    /** The command line cannot be understood; the message is for the user who wrote it. */
    public static final class UsageError extends IllegalArgumentException {
        public UsageError(String message) {
            super(message);
        }
    }
}
