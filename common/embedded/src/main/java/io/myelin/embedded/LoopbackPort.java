package io.myelin.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A TCP port on 127.0.0.1 that was free when it was chosen, and is chosen again while it is free.
 *
 * <p>Ports are below the range that systems use for outgoing connections, so that a port is seldom taken by chance
 * while the server is down.
 */
final class LoopbackPort {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;

    private LoopbackPort() {}

    /** The port that is noted in {@code file} if it is free; else another one, which is noted there. */
    static int remembered(Path file) {
        try {
            if (Files.exists(file)) {
                var remembered = Files.readString(file).strip();
                if (remembered.matches("[0-9]{1,5}") && isFree(Integer.parseInt(remembered))) {
                    return Integer.parseInt(remembered);
                }
            }
            var port = free();
            DurableFile.write(file, port + "\n");
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException("No port could be chosen for " + file + ": " + e.getMessage(), e);
        }
    }

    private static int free() {
        while (true) {
            var port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
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
