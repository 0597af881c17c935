package io.myelin.allinone;

import io.myelin.embedded.DataDirectoryInUse;
import io.myelin.web.config.ConfigurationRefused;
import java.net.BindException;
import java.util.List;
import org.springframework.boot.web.server.PortInUseException;

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
            e.printStackTrace();
            System.err.println("Myelin does not start: " + reason(e));
            System.exit(FAILED);
        }
    }

    /** In the words of whoever met it first; for a port that is taken, with what to do. */
    private static String reason(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) {
            if (cause instanceof PortInUseException taken) {
                return "port " + taken.getPort() + " is in use. Stop what uses it, or set listeners.client-port and "
                        + "listeners.federation-port (docs/configuration.md).";
            }
            cause = cause.getCause();
        }
        return cause instanceof BindException
                ? failureOfBinding(cause)
                : String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
    }

    private static String failureOfBinding(Throwable cause) {
        return "it cannot listen where it should (" + cause.getMessage() + "). See listeners in docs/configuration.md.";
    }
}
