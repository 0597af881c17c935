package io.myelin.apart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends processes that an earlier supervisor on the same data has left, if the plan has no place for them. */
final class OrphanedProcesses {
    private static final Logger log = LoggerFactory.getLogger(OrphanedProcesses.class);
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private OrphanedProcesses() {}

    /** Ends the processes whose instances are not in the plan. */
    static void end(Path data, Plan plan) throws IOException {
        var planned = new HashSet<Path>();
        plan.instances().forEach(instance -> planned.add(Ports.processFile(data, instance)));
        try (var files = Files.newDirectoryStream(data.resolve("apart"), "*" + ProcessFile.SUFFIX)) {
            for (var file : files) {
                if (!planned.contains(file)) {
                    log.info("Ending what an earlier start has left: {}", file.getFileName());
                    OsProcess.end(file, PATIENCE);
                }
            }
        }
    }

    /**
     * Ends the workers of an nginx whose master is dead, because they hold its ports. They are recognised by the log file
     * that they have open. Without {@code /proc} this does nothing.
     */
    static void endNginxWithoutMaster(Path log) throws IOException {
        var all = nginxWith(log);
        for (var one : all) {
            var isMaster = all.stream().anyMatch(other -> parent(other) == one.pid());
            var hasMaster = all.stream().anyMatch(other -> parent(one) == other.pid());
            if (!isMaster && !hasMaster) {
                one.destroyForcibly();
                one.onExit().join();
            }
        }
    }

    private static long parent(ProcessHandle process) {
        return process.parent().map(ProcessHandle::pid).orElse(0L);
    }

    private static Set<ProcessHandle> nginxWith(Path log) throws IOException {
        var found = new HashSet<ProcessHandle>();
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return found;
        }
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                if (isNginxWith(process, log)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static boolean isNginxWith(Path process, Path log) {
        try {
            if (!Files.readString(process.resolve("comm")).strip().equals("nginx")) {
                return false;
            }
            try (var open = Files.newDirectoryStream(process.resolve("fd"))) {
                for (var descriptor : open) {
                    if (Files.readSymbolicLink(descriptor).equals(log)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException goneOrSomebodyElses) {
            return false;
        }
    }
}
