package io.myelin.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A TCP port on 127.0.0.1 that was free when it was chosen, and is chosen again while it is free. Ports are noted in files
 * {@code <name>.port} of a data directory, and no two notes of one directory have the same port: most ports are noted long
 * before somebody listens on them, when they still look free.
 *
 * <p>Ports are below the range that systems use for outgoing connections, so that a port is seldom taken by chance
 * while the server is down.
 */
final class LoopbackPort {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final String SUFFIX = ".port";
    /** What tools read. In the shape with many processes it repeats the port of one of them. */
    private static final String COPY = "internal" + SUFFIX;
    /** Notes are in the data directory itself and in this one. */
    private static final String APART = "apart";

    private LoopbackPort() {}

    /**
     * The port that is noted under this name if it is free and no other note has it; else another one, which is noted there.
     *
     * @param data the data directory
     * @param name a path relative to it, without the suffix
     */
    static synchronized int remembered(Path data, String name) {
        var file = data.resolve(name + SUFFIX);
        try {
            var others = notedElsewhere(data, file);
            var noted = Files.exists(file) ? number(file) : 0;
            if (noted != 0 && !others.contains(noted) && isFree(noted)) {
                return noted;
            }
            var port = free(others);
            DurableFile.write(file, port + "\n");
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException("No port could be chosen for " + file + ": " + e.getMessage(), e);
        }
    }

    private static Set<Integer> notedElsewhere(Path data, Path file) throws IOException {
        var ports = new HashSet<Integer>();
        for (var directory : new Path[] {data, data.resolve(APART)}) {
            if (!Files.isDirectory(directory)) {
                continue;
            }
            try (Stream<Path> files = Files.list(directory)) {
                for (var note : (Iterable<Path>) files::iterator) {
                    var name = note.getFileName().toString();
                    var isCopy = name.equals(COPY) && file.startsWith(data.resolve(APART));
                    if (name.endsWith(SUFFIX) && !isCopy && !note.equals(file)) {
                        ports.add(number(note));
                    }
                }
            }
        }
        return ports;
    }

    /** The number in the file, 0 if there is none. */
    private static int number(Path file) throws IOException {
        var text = Files.readString(file).strip();
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    }

    private static int free(Set<Integer> noted) {
        while (true) {
            var port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (!noted.contains(port) && isFree(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException | IllegalArgumentException taken) {
            return false;
        }
    }
}
