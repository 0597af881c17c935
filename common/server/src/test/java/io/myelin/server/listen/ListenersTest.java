package io.myelin.server.listen;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.myelin.settings.ConfigurationLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.core.env.StandardEnvironment;

class ListenersTest {
    private static final int MOST = 3;
    private static final int MILLIS = 1000;

    private final List<Socket> opened = new ArrayList<>();
    private WebServer server;
    private int internalPort;

    @BeforeEach
    void start() throws IOException {
        start(Map.of());
    }

    private void start(Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of("listeners.max-connections", Integer.toString(MOST)));
        settings.putAll(more);
        var properties = ConfigurationLoader.load(new StandardEnvironment(), null, settings);
        internalPort = freePort();
        var factory = new JettyServletWebServerFactory(freePort());
        new Listeners(properties, InternalPort.of(properties, internalPort, "a secret"), null).customize(factory);
        server = factory.getWebServer();
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : opened) {
            socket.close();
        }
        server.stop();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Socket asking(int port) throws IOException {
        var socket = new Socket("127.0.0.1", port);
        opened.add(socket);
        socket.setSoTimeout(MILLIS);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
        return socket;
    }

    private static boolean isAnswered(Socket socket) throws IOException {
        return socket.getInputStream().read() == 'H';
    }

    @Test
    void anAddressMayTakeOnlySoManyConnectionsUnlessItIsAProxy() throws IOException {
        server.stop();
        start(Map.of(
                "listeners.connections-of-address", "1",
                "listeners.max-connections", "100",
                "listeners.trusted-proxies", "192.0.2.0/24"));
        Socket first = asking(server.getPort());
        assertThat(isAnswered(first)).isTrue();
        assertThat(isClosed(new Socket("127.0.0.1", server.getPort()))).isTrue();
        first.close();
        await().untilAsserted(
                        () -> assertThat(isAnswered(asking(server.getPort()))).isTrue());
    }

    @Test
    void allOfAnIpv6NetworkIsOneAddress() throws IOException {
        var limit = new ConnectionLimit(2, _ -> false);
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            channels.add(SocketChannel.open());
        }
        assertThat(limit.admits(channels.get(0), InetAddress.ofLiteral("2001:db8:1:2::1")))
                .isTrue();
        assertThat(limit.admits(channels.get(1), InetAddress.ofLiteral("2001:db8:1:2::2")))
                .isTrue();
        assertThat(limit.admits(channels.get(2), InetAddress.ofLiteral("2001:db8:1:2:ffff::3")))
                .isFalse();
        assertThat(limit.admits(channels.get(3), InetAddress.ofLiteral("2001:db8:1:3::1")))
                .isTrue();
        channels.forEach(limit::onClosed);
        assertThat(limit.admits(channels.get(0), InetAddress.ofLiteral("2001:db8:1:2::4")))
                .isTrue();
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }

    private static boolean isClosed(Socket socket) {
        try (socket) {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void whoComesWhenAllConnectionsAreTakenWaitsForOne() throws IOException {
        for (int i = 0; i < MOST; i++) {
            assertThat(isAnswered(asking(server.getPort()))).isTrue();
        }
        Socket late = asking(server.getPort());
        assertThatThrownBy(() -> isAnswered(late)).isInstanceOf(SocketTimeoutException.class);
        opened.getFirst().close();
        await().ignoreException(SocketTimeoutException.class)
                .untilAsserted(() -> assertThat(isAnswered(late)).isTrue());
    }

    @Test
    void theServersOwnProcessesFindRoom() throws IOException {
        for (int i = 0; i < MOST; i++) {
            assertThat(isAnswered(asking(server.getPort()))).isTrue();
        }
        assertThat(isAnswered(asking(internalPort))).isTrue();
    }
}
