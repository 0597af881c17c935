package io.myelin.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A server of this machine that answers each request with what a function makes of its head. It is also the trivial peer
 * that shows the load generator's own limit: {@code java -cp … io.myelin.bench.ScriptedServer PORT}.
 */
final class ScriptedServer implements AutoCloseable {

    static final String CLOSE = "";

    private static final Pattern LENGTH = Pattern.compile("Content-Length: (\\d+)");

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
            var in = new BufferedInputStream(socket.getInputStream());
            for (var head = head(in); !head.isEmpty(); head = head(in)) {
                var length = LENGTH.matcher(head);
                in.skipNBytes(length.find() ? Long.parseLong(length.group(1)) : 0);
                var response = script.apply(head);
                if (response.equals(CLOSE)) {
                    return;
                }
                socket.getOutputStream().write(response.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException closed) {
            // The client has closed the connection.
        }
    }

    /** All of a request before its body; empty if the connection has ended. */
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            var next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
