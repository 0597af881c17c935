package io.myelin.allinone;

import io.myelin.embedded.DataDirectoryInUse;
import io.myelin.web.config.ConfigurationRefused;
import java.util.List;

/** What {@code ./myelin} starts: {@code run} and {@code user add}. */
public final class Main {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            var words = List.of(arguments);
            switch (words.isEmpty() ? "" : words.getFirst()) {
                case "run" -> Server.run(Options.parse(words.subList(1, words.size())));
                case "user" -> System.exit(UserCommand.run(words.subList(1, words.size())));
                default -> throw new Options.Misuse("Nothing to do: the verbs are 'run' and 'user add'.");
            }
        } catch (Options.Misuse | ConfigurationRefused | DataDirectoryInUse e) {
            System.err.println(e.getMessage());
            System.exit(MISUSED);
        } catch (RuntimeException e) {
            System.err.println("Myelin does not start: " + e.getMessage());
            e.printStackTrace();
            System.exit(FAILED);
        }
    }
}
