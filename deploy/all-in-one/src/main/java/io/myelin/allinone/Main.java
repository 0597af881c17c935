package io.myelin.allinone;

import io.myelin.embedded.DataDirectoryInUse;
import io.myelin.server.process.ComponentProcess;
import io.myelin.server.process.Options;
import io.myelin.server.process.StartFailure;
import io.myelin.server.service.Program;
import java.util.List;

/** The main class that {@code ./myelin} starts: {@code run}, {@code user add}, and {@code ask} for its other verbs. */
public final class Main {
    private static final int MISUSED = 2;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            var words = List.of(arguments);
            var more = words.isEmpty() ? words : words.subList(1, words.size());
            switch (words.isEmpty() ? "" : words.getFirst()) {
                case "run" ->
                    ComponentProcess.run(
                            Program.ofAll("all-in-one"), Options.parse(more), OwnGround::new, ReadyMessage::of);
                case "user" -> System.exit(UserCommand.run(more));
                case "ask" -> System.exit(AskCommand.run(more));
                default -> throw new Options.Misuse("Nothing to do: the verbs are 'run' and 'user add'.");
            }
        } catch (DataDirectoryInUse e) {
            System.err.println(e.getMessage());
            System.exit(MISUSED);
        } catch (RuntimeException e) {
            StartFailure.exit("Myelin", e);
        }
    }
}
