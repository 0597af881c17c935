package io.myelin.apart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port on which no connection is made until {@link #accept}, as if its address belonged to nobody; then each request is answered. */
final class SlowToAccept implements AutoCloseable {
    private static final int CONNECT_MILLIS = 200;
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}".getBytes(UTF_8);
    private final ServerSocket listening;
    private final List<Socket> waiting = new ArrayList<>();

    /** Fills the queue of connections that wait to be accepted: the system drops what comes beyond. */
    SlowToAccept(int port) throws IOException {
        listening = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        while (isConnected()) {}
    }

    private boolean isConnected() throws IOException {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort()), CONNECT_MILLIS);
            waiting.add(socket);
            return true;
        } catch (SocketTimeoutException _) {
            socket.close();
            return false;
        }
    }

    void accept() {
        Thread.startVirtualThread(() -> {
            try {
                while (!listening.isClosed()) {
                    var socket = listening.accept();
                    Thread.startVirtualThread(() -> answer(socket));
                }
            } catch (IOException _) {
                // It was closed.
            }
        });
    }

    private static void answer(Socket socket) {
        try (socket) {
            if (socket.getInputStream().read(new byte[1 << 14]) > 0) {
                socket.getOutputStream().write(ANSWER);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (var socket : waiting) {
            socket.close();
        }
    }
}
