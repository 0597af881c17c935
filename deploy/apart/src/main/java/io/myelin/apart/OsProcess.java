package io.myelin.apart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A process of the operating system. A file names the process, so that the next supervisor finds it. If the running process
 * was started differently, with other settings or older jars, it is ended first.
 */
final class OsProcess implements ProcessControl {
    private static final Duration PATIENCE_WITH_STRANGERS = Duration.ofSeconds(12);
    private static final long LOOK_EVERY_MILLIS = 20;

    private final Launch launch;
    private final Path file;
    private final BooleanSupplier health;
    private volatile @Nullable ProcessFile current;

    OsProcess(Launch launch, Path file, BooleanSupplier health) {
        this.launch = launch;
        this.file = file;
        this.health = health;
    }

    @Override
    public synchronized void start() throws IOException {
        if (isAlive()) {
            return;
        }
        var left = ProcessFile.read(file);
        if (left.isPresent()) {
            current = left.get();
            if (isAlive() && left.get().fingerprint().equals(launch.fingerprint())) {
                return;
            }
            stop(PATIENCE_WITH_STRANGERS);
        }
        current = ProcessFile.of(launch.start().toHandle(), launch.fingerprint());
        current.write(file);
    }

    @Override
    public OptionalLong pid() {
        return living().map(process -> OptionalLong.of(process.pid())).orElse(OptionalLong.empty());
    }

    @Override
    public boolean isHealthy() {
        return isAlive() && health.getAsBoolean();
    }

    @Override
    public synchronized void stop(Duration patience) {
        var process = living();
        if (process.isPresent()) {
            signal(launch.stopSignal(), Long.toString(process.get().pid()));
            var giveUpAt = System.nanoTime() + patience.toNanos();
            while (isAlive() && System.nanoTime() - giveUpAt < 0) {
                pause();
            }
        }
        kill();
    }

    /** Kills the whole process group: nginx has workers, which still hold the port when their master is dead. */
    @Override
    public synchronized void kill() {
        var known = current;
        if (known != null && known.isNobodyElses()) {
            signal("KILL", "-" + known.pid());
        }
        while (isAlive()) {
            pause();
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        current = null;
    }

    /** Ends the process that a file names, if it is still alive, and deletes the file. */
    static void end(Path file, Duration patience) throws IOException {
        var nobody = new Launch(List.of(), Map.of(), file, "TERM", "");
        var left = new OsProcess(nobody, file, () -> false);
        left.current = ProcessFile.read(file).orElse(null);
        left.stop(patience);
    }

    Path output() {
        return launch.output();
    }

    private Optional<ProcessHandle> living() {
        var known = current;
        return known == null ? Optional.empty() : known.living();
    }

    private static void signal(String name, String target) {
        try {
            new ProcessBuilder("kill", "-s", name, "--", target)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a process to end", e);
        }
    }
}
