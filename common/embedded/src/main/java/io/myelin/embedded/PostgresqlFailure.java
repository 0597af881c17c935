package io.myelin.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One of PostgreSQL's programs has failed; the message has its output and the end of the server's log. */
public final class PostgresqlFailure extends IllegalStateException {
    private static final int LINES = 15;

    PostgresqlFailure(String command, String output, Path log) {
        super("PostgreSQL failed: " + command + "\n" + output + "\nThe end of " + log + ":\n" + endOf(log));
    }

    private static String endOf(Path log) {
        try {
            var lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        } catch (IOException unreadable) {
            return "(" + unreadable + ")";
        }
    }
}
