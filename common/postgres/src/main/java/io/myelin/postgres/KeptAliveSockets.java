package io.myelin.postgres;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that notice that a database's machine has vanished. One that connects gives up soon; one that is connected
 * breaks within half a minute, also while it waits for the answer to a statement that may take any time. By default the
 * system asks after two hours for the first time. The driver makes the factory by its name.
 */
public final class KeptAliveSockets extends SocketFactory {
    /**
     * What one server may take to accept a connection. The driver's own {@code connectTimeout} is for all servers of a URL
     * together, so that the first one may leave nothing for the second.
     */
    private static final int CONNECT_MILLIS = 2_000;

    private static final int IDLE_SECONDS = 10;
    private static final int INTERVAL_SECONDS = 5;
    private static final int PROBES = 3;

    private static final class ImpatientSocket extends Socket {
        @Override
        public void connect(SocketAddress server, int timeout) throws IOException {
            try {
                super.connect(server, timeout == 0 ? CONNECT_MILLIS : timeout);
            } catch (SocketTimeoutException e) {
                // After a time-out the driver would try the same server again, without encryption.
                var refused = new ConnectException(server + " does not answer");
                refused.initCause(e);
                throw refused;
            }
        }
    }

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new ImpatientSocket();
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
        }
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(null, new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(null, new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(localHost, localPort), new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(localHost, localPort), new InetSocketAddress(host, port));
    }

    private Socket connected(@Nullable SocketAddress here, SocketAddress server) throws IOException {
        Socket socket = createSocket();
        try {
            socket.bind(here);
            socket.connect(server, 0);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
