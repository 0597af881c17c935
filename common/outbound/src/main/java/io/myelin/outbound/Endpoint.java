package io.myelin.outbound;

/**
 * A host and the port to connect to.
 *
 * @param host a DNS name or an IP address; an IPv6 address may be in brackets
 */
public record Endpoint(String host, int port) {
    private static final int MAX_PORT = 65_535;

    public Endpoint {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("There is no port " + port + ".");
        }
    }
}
