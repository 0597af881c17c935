package io.myelin.outbound;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP requests along a {@link Route}. It connects only to addresses that the rules allow, and over TLS it sends nothing
 * before the other side has shown a certificate for the route's host. It follows no redirect, answers no authentication challenge,
 * and keeps no cookie.
 */
public final class OutboundHttp implements AutoCloseable {
    private static final int SELECTORS = 1;
    private static final int MAX_THREADS = 64;
    private static final int CONNECTIONS_TO_ONE_SERVER = 16;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final Duration IDLE = Duration.ofMinutes(1);

    /**
     * The settings of the client.
     *
     * @param trusted the trusted certificates; null accepts every certificate, whatever its name
     * @param timeout of connecting; and of the whole request after that
     * @param keptConnections with this many connections open, none is kept for a further request
     * @param userAgent the {@code User-Agent} of requests
     */
    public record Settings(
            AddressRules rules,
            AddressLookup addresses,
            @Nullable KeyStore trusted,
            Duration timeout,
            int keptConnections,
            String userAgent) {}

    private final HttpClient client;
    private final CountingConnector connector = new CountingConnector();
    private final LookupThreads names;
    private final Settings settings;

    /** Creates and starts the client. */
    public OutboundHttp(Settings settings) {
        this.settings = settings;
        this.names = new LookupThreads(settings.timeout());
        connector.setSelectors(SELECTORS);
        connector.setSslContextFactory(tls(settings.trusted()));
        client = new HttpClient(new HttpClientTransportOverHTTP(connector));
        var threads = new QueuedThreadPool(MAX_THREADS, SELECTORS + 1, Math.toIntExact(IDLE.toMillis()));
        threads.setName("outbound");
        threads.setDaemon(true);
        client.setExecutor(threads);
        client.setSocketAddressResolver(this::resolve);
        client.setConnectTimeout(settings.timeout().toMillis());
        client.setAddressResolutionTimeout(settings.timeout().toMillis());
        client.setIdleTimeout(IDLE.toMillis());
        client.setDestinationIdleTimeout(IDLE.toMillis());
        client.setMaxConnectionsPerDestination(CONNECTIONS_TO_ONE_SERVER);
        client.setMaxResponseHeadersSize(MAX_HEADER_BYTES);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, settings.userAgent()));
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("The HTTP client cannot start: " + e.getMessage(), e);
        }
        client.getContentDecoderFactories().clear();
        client.getProtocolHandlers().remove(WWWAuthenticationProtocolHandler.NAME);
        client.getProtocolHandlers().remove(ProxyAuthenticationProtocolHandler.NAME);
        client.getProtocolHandlers().remove(RedirectProtocolHandler.NAME);
    }

    private static SslContextFactory.Client tls(@Nullable KeyStore trusted) {
        var tls = new SslContextFactory.Client(trusted == null);
        if (trusted == null) {
            tls.setEndpointIdentificationAlgorithm(null);
        } else {
            tls.setTrustStore(trusted);
        }
        return tls;
    }

    /**
     * Makes a GET request and waits for the answer.
     *
     * @param target path and query, as they are to be sent
     * @param maxBytes of the answer's body
     * @throws IOException if there is no answer in time, or an unacceptable one
     */
    public HttpAnswer get(Route route, String target, int maxBytes) throws IOException {
        return send(OutboundRequest.get(route, target, maxBytes));
    }

    /**
     * Makes a request and waits for the answer.
     *
     * @throws IOException if there is no answer in time, or an unacceptable one
     */
    public HttpAnswer send(OutboundRequest outbound) throws IOException {
        Route route = outbound.route();
        var request = client.newRequest(address(route, outbound.target()))
                .method(outbound.method())
                .tag(route)
                .headers(headers -> {
                    outbound.headers().forEach(headers::put);
                    headers.put(HttpHeader.HOST, route.hostHeader());
                    if (connector.open() >= settings.keptConnections()) {
                        headers.put(HttpHeader.CONNECTION, "close");
                    }
                })
                .timeout(settings.timeout().multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
        OutboundRequest.Body body = outbound.body();
        if (body != null) {
            request.body(new BytesRequestContent(body.type(), body.bytes()));
        }
        try {
            return answer(new CompletableResponseListener(request, outbound.maxBytes())
                    .send()
                    .get());
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw cause instanceof IOException failed ? failed : new IOException(cause.toString(), cause);
        } catch (InterruptedException e) {
            request.abort(e);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + route.host());
        }
    }

    private static URI address(Route route, String target) throws IOException {
        var address =
                URI.create((route.secure() ? "https://" : "http://") + route.host() + ":" + route.port() + target);
        if (address.getHost() == null) { // A name such as a..b or 1.2 is a server name, but no host name.
            throw new UnknownHostException(route.host() + " is no host");
        }
        return address;
    }

    private static HttpAnswer answer(ContentResponse response) {
        Map<String, String> headers = new HashMap<>();
        response.getHeaders()
                .forEach(field -> headers.putIfAbsent(
                        field.getName().toLowerCase(Locale.ROOT), String.valueOf(field.getValue())));
        return new HttpAnswer(response.getStatus(), Map.copyOf(headers), response.getContent());
    }

    /**
     * Resolves the route's endpoints instead of the host in the address. DNS blocks, so this must not run on a thread of
     * the client.
     */
    private void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        var destination = (Destination) Objects.requireNonNull(context.get(Destination.CONTEXT_KEY));
        var route = (Route) Objects.requireNonNull(destination.getOrigin().getTag());
        names.start(host, () -> addresses(route), promise);
    }

    private List<InetSocketAddress> addresses(Route route) throws UnknownHostException {
        List<InetSocketAddress> allowed = new ArrayList<>();
        boolean refused = false;
        for (Endpoint endpoint : route.endpoints()) {
            for (InetSocketAddress address : addressesOrNone(endpoint)) {
                if (settings.rules().allow(address.getAddress())) {
                    allowed.add(named(route.host(), address));
                } else {
                    refused = true;
                }
            }
        }
        if (allowed.isEmpty()) {
            throw new UnknownHostException(
                    route.host() + (refused ? " has only addresses that are not allowed" : " has no address"));
        }
        return allowed;
    }

    /** The address with the route's host as its name, which is used for the handshake and the check of the certificate. */
    private static InetSocketAddress named(String host, InetSocketAddress address) throws UnknownHostException {
        byte[] bytes = address.getAddress().getAddress();
        return new InetSocketAddress(InetAddress.getByAddress(host, bytes), address.getPort());
    }

    private List<InetSocketAddress> addressesOrNone(Endpoint endpoint) {
        try {
            return settings.addresses().addresses(endpoint);
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        names.close();
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The HTTP client cannot stop: " + e.getMessage(), e);
        }
    }
}
