package io.myelin.apart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/**
 * Names the process of an instance, for the next supervisor and for {@code ./myelin}: one line in {@code
 * DATA/apart/NAME.process} with the pid, the start time (milliseconds) and the launch's fingerprint.
 */
record ProcessFile(long pid, long started, String fingerprint) {
    static final String SUFFIX = ".process";
    /**
     * The tolerance for start times. Linux reports them relative to the boot, and the reported boot time shifts when the
     * clock is set.
     */
    private static final long CLOCK_MILLIS = 3000;

    static ProcessFile of(ProcessHandle process, String fingerprint) {
        var started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new ProcessFile(process.pid(), started, fingerprint);
    }

    /** The content of the file; empty if there is none, or it is malformed. */
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

    /** The process, if it is alive and still the same one. */
    Optional<ProcessHandle> living() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(instant -> Math.abs(instant.toEpochMilli() - started) < CLOCK_MILLIS)
                        .orElse(true));
    }

    /** Whether the number can still be that of its process group, since no other process has it. */
    boolean isNobodyElses() {
        return living().isPresent()
                || ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }
}
