package io.myelin.server.process;

import io.myelin.settings.ConfigurationRefused;
import java.net.BindException;
import org.springframework.boot.web.server.PortInUseException;

/** Reports that a process does not start, and ends it. */
public final class StartFailure {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private StartFailure() {}

    /**
     * Prints the reason on standard error and ends the process: with status 2 if starting it again cannot help, else
     * with 1.
     */
    public static void exit(String what, RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationRefused || cause instanceof Options.UsageError) {
                System.err.println(cause.getMessage());
                System.exit(MISUSED);
            }
        }
        failure.printStackTrace();
        System.err.println(what + " does not start: " + reason(failure));
        System.exit(FAILED);
    }

    /** The message of the first cause; for a port that is in use, with what to do about it. */
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
                ? "it cannot listen where it should (" + cause.getMessage()
                        + "). See listeners in docs/configuration.md."
                : String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
    }
}
