package io.myelin.federationsend.transport.http;

import java.util.List;

/**
 * Where a server listens and who it must prove to be: three names that are often one.
 *
 * @param host whose certificate it must show, and the name in the TLS handshake; an IPv6 address in brackets
 * @param hostHeader the {@code Host} of requests
 * @param endpoints what to connect to, the preferred first; at least one
 */
public record Route(String host, String hostHeader, List<Endpoint> endpoints) {
    public Route {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("A route must lead somewhere.");
        }
    }

    /** Its first port, which names it in addresses. */
    int port() {
        return endpoints.getFirst().port();
    }
}
