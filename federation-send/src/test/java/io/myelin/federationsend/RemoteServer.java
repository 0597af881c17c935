package io.myelin.federationsend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.myelin.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import org.jspecify.annotations.Nullable;

/** Another server, over TLS on loopback, that gives prepared answers and records the requests. */
public final class RemoteServer implements AutoCloseable {
    /**
     * A received request.
     *
     * @param sni the name in the TLS handshake, null if there was none
     */
    public record Seen(String path, String host, @Nullable String sni) {}

    private record Answer(int status, Map<String, String> headers, byte[] body) {}

    private final HttpsServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Set<InetSocketAddress> peers = ConcurrentHashMap.newKeySet();

    public RemoteServer(TestCertificate certificate) {
        try {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        server.createContext("/", this::answer);
        server.start();
    }

    public RemoteServer says(String path, int status, String body) {
        return says(path, status, Map.of(), body);
    }

    public RemoteServer says(String path, int status, Map<String, String> headers, String body) {
        answers.put(path, new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** The requests that it got so far. */
    public List<Seen> seen() {
        return seen;
    }

    /** How many connections it accepted for them. */
    public int connections() {
        return peers.size();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            peers.add(exchange.getRemoteAddress());
            String path = exchange.getRequestURI().toString();
            seen.add(new Seen(path, exchange.getRequestHeaders().getFirst("Host"), sni((HttpsExchange) exchange)));
            Answer answer = answers.getOrDefault(path, new Answer(404, Map.of(), new byte[0]));
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private static @Nullable String sni(HttpsExchange exchange) {
        return ((ExtendedSSLSession) exchange.getSSLSession())
                .getRequestedServerNames().stream()
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst()
                        .orElse(null);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
