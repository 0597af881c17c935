package io.myelin.apart;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A program in place of a component: {@code Companion PORT}. It is healthy as soon as it listens. */
public final class Companion {
    private static final int OK = 200;

    private Companion() {}

    public static void main(String[] arguments) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        var server = HttpServer.create(address, 0);
        server.createContext("/actuator/health/readiness", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(OK, -1);
            }
        });
        server.start();
    }
}
