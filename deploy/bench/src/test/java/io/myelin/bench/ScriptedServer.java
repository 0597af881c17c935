package io.myelin.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * A server of this machine that answers each request with what a function makes of its head. It is also the trivial peer
 * that shows the load generator's own limit: {@code java -cp … io.myelin.bench.ScriptedServer PORT}.
 */
final class ScriptedServer implements AutoCloseable {

    static final String CLOSE = "";

    private final ServerSocket listener;
    private final Function<String, String> script;

    /** @param script maps the request's head to the whole response, or to {@link #CLOSE} to close the connection */
    ScriptedServer(int port, Function<String, String> script) throws IOException {
        this.listener = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
        this.script = script;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    public static void main(String[] arguments) throws Exception {
        var response = ok("{\"versions\":[\"v1.19\"]}");
        try (var server = new ScriptedServer(Integer.parseInt(arguments[0]), head -> response)) {
            System.out.println("listening on " + server.endpoint());
            Thread.currentThread().join();
        }
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    Endpoint endpoint() {
        return Endpoint.of("http://127.0.0.1:" + listener.getLocalPort());
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The listening socket was closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = socket.getInputStream();
            var buffer = new byte[8192];
            for (var read = in.read(buffer); read > 0; read = in.read(buffer)) {
                var response = script.apply(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                if (response.equals(CLOSE)) {
                    return;
                }
                socket.getOutputStream().write(response.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException closed) {
            // The client has closed the connection.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
