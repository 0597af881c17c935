package io.myelin.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The processes of this machine, from Linux's {@code /proc}. Finds the processes that serve a port, with their children and
 * with the processes whose ports they are connected to (a database may have no parent among them), and measures their
 * processor time and memory. On other systems it finds no process, which is no error.
 */
final class Processes {

    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final double TICKS_PER_SECOND = 100;

    private Processes() {}

    /** What a set of processes has used so far. */
    record Usage(Set<Long> pids, double cpuSeconds, long memoryBytes) {}

    /** The processes that serve {@code ports}, with all related processes. */
    static Set<Long> serving(Set<Integer> ports) {
        var sockets = sockets();
        var listeners = sockets.listening();
        var waiting = new ArrayDeque<Long>();
        ports.forEach(port -> waiting.addAll(listeners.getOrDefault(port, Set.of())));
        var found = new TreeSet<Long>();
        var self = ProcessHandle.current().pid();
        var children = children();
        while (!waiting.isEmpty()) {
            var pid = waiting.remove();
            if (pid == self || !found.add(pid)) {
                continue;
            }
            waiting.addAll(children.getOrDefault(pid, List.of()));
            sockets.remotePorts(pid).forEach(port -> waiting.addAll(listeners.getOrDefault(port, Set.of())));
        }
        return found;
    }

    /** {@code pids} and all their children. */
    static Set<Long> families(Set<Long> pids) {
        var children = children();
        var waiting = new ArrayDeque<>(pids);
        var found = new TreeSet<Long>();
        while (!waiting.isEmpty()) {
            var pid = waiting.remove();
            if (Files.exists(PROC.resolve(Long.toString(pid))) && found.add(pid)) {
                waiting.addAll(children.getOrDefault(pid, List.of()));
            }
        }
        return found;
    }

    /** Counts memory by proportional shares if they can be read, so that shared memory counts once. */
    static Usage usage(Set<Long> pids) {
        var ticks = 0L;
        var bytes = 0L;
        for (var pid : pids) {
            var stat = stat(pid);
            if (stat.length > 16) {
                // utime, stime, and cutime, cstime of children that have ended: fields 14 to 17 of proc(5)
                ticks += Long.parseLong(stat[13]) + Long.parseLong(stat[14]);
                ticks += Long.parseLong(stat[15]) + Long.parseLong(stat[16]);
            }
            bytes += memory(pid);
        }
        return new Usage(pids, ticks / TICKS_PER_SECOND, bytes);
    }

    /** How many files, sockets included, this process may have open; a large number if that is unknown. */
    static long openFilesAllowed() {
        return lines(PROC.resolve("self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+"))
                .filter(words -> words[3].matches("\\d+"))
                .mapToLong(words -> Long.parseLong(words[3]))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private static long memory(long pid) {
        for (var line : lines(PROC.resolve(pid + "/smaps_rollup"))) {
            if (line.startsWith("Pss:")) {
                return kilobytes(line);
            }
        }
        return lines(PROC.resolve(pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(Processes::kilobytes)
                .sum();
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.split("\\s+")[1]) * 1024;
    }

    private static Map<Long, List<Long>> children() {
        return pids().stream().collect(Collectors.groupingBy(pid -> {
            var stat = stat(pid);
            return stat.length > 3 ? Long.parseLong(stat[3]) : 0L;
        }));
    }

    /** The fields of {@code /proc/PID/stat}; the second one, the name, is replaced, as it may contain spaces. */
    private static String[] stat(long pid) {
        var lines = lines(PROC.resolve(pid + "/stat"));
        if (lines.isEmpty()) {
            return new String[0];
        }
        var line = lines.getFirst();
        return (pid + " name " + line.substring(line.lastIndexOf(')') + 2)).split(" ");
    }

    private static List<Long> pids() {
        try (var entries = Files.list(PROC)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException noProc) {
            return List.of();
        }
    }

    /**
     * The TCP sockets of this machine.
     *
     * @param listening by port, the processes that accept connections on it
     * @param connected by process, the ports of this machine that it has connections to
     */
    private record Sockets(Map<Integer, Set<Long>> listening, Map<Long, Set<Integer>> connected) {
        Set<Integer> remotePorts(long pid) {
            return connected.getOrDefault(pid, Set.of());
        }
    }

    private static Sockets sockets() {
        var listening = new HashMap<String, Integer>();
        var connected = new HashMap<String, Integer>();
        for (var table : List.of("net/tcp", "net/tcp6")) {
            for (var line : lines(PROC.resolve(table))) {
                var words = line.strip().split("\\s+");
                if (words.length > 9 && words[1].contains(":")) {
                    if (words[3].equals(LISTENING)) {
                        listening.put(words[9], port(words[1]));
                    } else if (isLoopback(words[2])) {
                        connected.put(words[9], port(words[2]));
                    }
                }
            }
        }
        var listeners = new HashMap<Integer, Set<Long>>();
        var connections = new HashMap<Long, Set<Integer>>();
        for (var pid : pids()) {
            for (var inode : inodes(pid)) {
                if (listening.containsKey(inode)) {
                    listeners
                            .computeIfAbsent(listening.get(inode), port -> new HashSet<>())
                            .add(pid);
                } else if (connected.containsKey(inode)) {
                    connections.computeIfAbsent(pid, owner -> new HashSet<>()).add(connected.get(inode));
                }
            }
        }
        return new Sockets(listeners, connections);
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("0100007F")
                || address.contains("FFFF00000100007F")
                || address.startsWith("00000000000000000000000001000000");
    }

    private static List<String> inodes(long pid) {
        var inodes = new ArrayList<String>();
        try (var descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (var descriptor : descriptors) {
                var target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring(8, target.length() - 1));
                }
            }
        } catch (IOException endedOrForbidden) {
            // A process that cannot be read is not counted.
        }
        return inodes;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException endedOrForbidden) {
            return List.of();
        }
    }
}
