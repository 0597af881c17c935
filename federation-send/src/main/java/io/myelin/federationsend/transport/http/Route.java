package io.myelin.federationsend.transport.http;

import java.util.List;

/**
 * Where a server listens, and the name that it must prove: three names that are often the same.
 *
 * @param host the name in the TLS handshake, for which the server must show a certificate; an IPv6 address in brackets
 * @param hostHeader the {@code Host} of requests
 * @param endpoints where to connect, in order of preference; at least one
 */
public record Route(String host, String hostHeader, List<Endpoint> endpoints) {
    public Route {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("A route must lead somewhere.");
        }
    }

    /** The port of the first endpoint, which stands in request URLs. */
    int port() {
        return endpoints.getFirst().port();
    }
}
