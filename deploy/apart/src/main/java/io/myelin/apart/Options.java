package io.myelin.apart;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code run --apart}.
 *
 * @param file the configuration, null if there is none
 * @param settings the settings given on the command line, by key
 * @param instances the value of {@code --instances}, unparsed
 */
record Options(@Nullable Path file, Map<String, String> settings, String instances) {
    private static final Path USUAL_FILE = Path.of("myelin.yaml");

    Options {
        settings = Map.copyOf(settings);
    }

    static Options parse(List<String> words) {
        var settings = new HashMap<String, String>();
        var file = Files.exists(USUAL_FILE) ? USUAL_FILE : null;
        var instances = "";
        var remaining = words.iterator();
        while (remaining.hasNext()) {
            var word = remaining.next();
            if (!List.of("--data", "--config", "--instances").contains(word)) {
                throw new Misuse("There is no option " + word
                        + ". There are: --instances client-sync=2,room-server=2, --data DIR, --config FILE.");
            }
            if (!remaining.hasNext()) {
                throw new Misuse(word + " needs a value.");
            }
            var value = remaining.next();
            switch (word) {
                case "--data" -> settings.put("data", value);
                case "--config" -> file = Path.of(value);
                default -> instances = value;
            }
        }
        return new Options(file == null ? null : file.toAbsolutePath(), settings, instances);
    }
}
