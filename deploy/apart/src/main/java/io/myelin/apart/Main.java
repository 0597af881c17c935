package io.myelin.apart;

import io.myelin.embedded.DataDirectoryInUse;
import io.myelin.server.process.Options;
import io.myelin.settings.ConfigurationRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The main class that {@code ./myelin run --apart} starts. */
public final class Main {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int LINES = 12;

    private Main() {}

    public static void main(String[] arguments) {
        Logs.toTerminal();
        try {
            MultiProcessServer.run(Options.parse(List.of(arguments), MultiProcessServer.INSTANCES));
        } catch (UsageError | Options.UsageError | ConfigurationRefused | DataDirectoryInUse e) {
            System.err.println(e.getMessage());
            System.exit(MISUSED);
        } catch (Supervisor.DoesNotStart e) {
            System.err.println("Myelin does not start: " + e.getMessage());
            if (e.supervisedInstance().processControl() instanceof OsProcess process) {
                System.err.println("The last it said, in " + process.output() + ":");
                lastLines(process.output()).forEach(line -> System.err.println("  " + line));
            }
            System.exit(FAILED);
        } catch (RuntimeException e) {
            e.printStackTrace();
            System.err.println("Myelin does not start: " + (e.getMessage() == null ? e : e.getMessage()));
            System.exit(FAILED);
        }
    }

    private static List<String> lastLines(Path file) {
        try {
            var lines = Files.readAllLines(file);
            return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
