package io.myelin.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.utils.Exit;

/** A process of its own with embedded engines, for tests that kill it. */
final class EngineProcess implements AutoCloseable {
    private static final String READY = "postmaster ";
    private final Process process;
    private final BufferedReader output;
    private final long postmaster;

    private EngineProcess(Process process, BufferedReader output, long postmaster) {
        this.process = process;
        this.output = output;
        this.postmaster = postmaster;
    }

    /**
     * Returns when the engines in {@code data} are ready.
     *
     * @param orphanLinger how long the database outlives this process
     */
    static EngineProcess start(Path data, Duration orphanLinger) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EngineProcess.class.getName(),
                        data.toString(),
                        orphanLinger.toString())
                .redirectErrorStream(true)
                .start();
        var output = process.inputReader(StandardCharsets.UTF_8);
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return new EngineProcess(process, output, Long.parseLong(line.substring(READY.length())));
            }
        }
        throw new IllegalStateException("The process has ended with status " + process.exitValue());
    }

    /** The process id of its database. */
    long postmaster() {
        return postmaster;
    }

    /** {@code kill -9}; returns when it is dead. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Causes a fatal fault in its broker, and returns the output of the process up to its end. */
    String meetFatalFault() throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append("fault\n").close();
        var said = new StringBuilder();
        output.lines().forEach(line -> said.append(line).append('\n'));
        return said.toString();
    }

    int status() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) {
        var data = DataDirectory.open(Path.of(arguments[0]));
        var settings = new PostgresqlSettings(
                EmbeddedEnginesIT.SETTINGS.sharedBuffersMegabytes(),
                EmbeddedEnginesIT.SETTINGS.connections(),
                Duration.parse(arguments[1]));
        var engines = EmbeddedEngines.start(data, EmbeddedEnginesIT.CACHE, settings);
        System.out.println(READY + engines.postgresql().pid());
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            if ("fault".equals(input.readLine())) {
                Exit.halt(1, "the disk is on fire");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
