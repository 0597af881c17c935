package io.myelin.outbound;

import java.net.URI;
import java.util.List;

/**
 * Where a server listens, and the name that it must prove: three names that are often the same.
 *
 * @param host the name in the TLS handshake, for which the server must show a certificate; an IPv6 address in brackets
 * @param hostHeader the {@code Host} of requests
 * @param endpoints where to connect, in order of preference; at least one
 * @param secure whether to use TLS; otherwise nothing is proven, which is only for services that an operator has configured
 */
public record Route(String host, String hostHeader, List<Endpoint> endpoints, boolean secure) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    public Route {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("A route must lead somewhere.");
        }
    }

    /** A route that uses TLS. */
    public Route(String host, String hostHeader, List<Endpoint> endpoints) {
        this(host, hostHeader, endpoints, true);
    }

    /**
     * The route to the host of an address.
     *
     * @throws IllegalArgumentException if it is no address of HTTP or HTTPS
     */
    public static Route to(URI address) {
        String host = address.getHost();
        boolean secure = "https".equalsIgnoreCase(address.getScheme());
        if (host == null || !(secure || "http".equalsIgnoreCase(address.getScheme()))) {
            throw new IllegalArgumentException(address + " is no address of HTTP.");
        }
        int port = address.getPort() < 0 ? (secure ? HTTPS : HTTP) : address.getPort();
        String header = address.getPort() < 0 ? host : host + ":" + port;
        return new Route(host, header, List.of(new Endpoint(host, port)), secure);
    }

    /** The port of the first endpoint, which stands in request URLs. */
    int port() {
        return endpoints.getFirst().port();
    }
}
