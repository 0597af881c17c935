package io.myelin.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports for servers that tests start. Each JVM has a block of them for itself, which it claims by listening on its first
 * port: several modules are tested at once, and a port that looks free may be one that another test has chosen and does not
 * listen on yet. They are below those that servers choose for themselves, and below the range from which systems give
 * ports to outgoing connections.
 */
public final class FreePort {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 20_000;
    private static final int BLOCK = 100;

    /** Held until the JVM ends. */
    private static @Nullable ServerSocket claim;

    private static int last;

    private FreePort() {}

    /** A port of 127.0.0.1 that nothing listens on, and that this method has not returned lately. */
    public static synchronized int choose() {
        var first = claimed().getLocalPort();
        while (true) {
            last = last % (BLOCK - 1) + 1;
            try (ServerSocket free = listen(first + last)) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // The next one may be free.
            }
        }
    }

    private static ServerSocket claimed() {
        while (claim == null) {
            var block = ThreadLocalRandom.current().nextInt(LOWEST / BLOCK, HIGHEST / BLOCK);
            try {
                claim = listen(block * BLOCK);
            } catch (IOException taken) {
                // Another JVM has this block.
            }
        }
        return claim;
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
