package io.myelin.apart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/**
 * Which process does an instance's work, for the next supervisor and for {@code ./myelin}: one line in {@code
 * DATA/apart/NAME.process}, the process's number, when it started (milliseconds) and how.
 */
record ProcessFile(long pid, long started, String fingerprint) {
    static final String SUFFIX = ".process";
    /** Linux tells the time of a start by the time since boot, and that of the boot by a clock that is set. */
    private static final long CLOCK_MILLIS = 3000;

    static ProcessFile of(ProcessHandle process, String fingerprint) {
        var started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new ProcessFile(process.pid(), started, fingerprint);
    }

    /** What the file says; empty if there is none, or none that can be read. */
    static Optional<ProcessFile> read(Path file) throws IOException {
        try {
            var words = Files.readString(file).strip().split(" ", -1);
            return words.length == 3
                    ? Optional.of(new ProcessFile(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]))
                    : Optional.empty();
        } catch (NoSuchFileException | NumberFormatException absent) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        var unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(unfinished, pid + " " + started + " " + fingerprint + "\n");
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The process, if it is still the same one and lives. */
    Optional<ProcessHandle> living() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(instant -> Math.abs(instant.toEpochMilli() - started) < CLOCK_MILLIS)
                        .orElse(true));
    }

    /** Whether its number may still be that of its process group: it is nobody else's by now. */
    boolean isNobodyElses() {
        return living().isPresent()
                || ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }
}
