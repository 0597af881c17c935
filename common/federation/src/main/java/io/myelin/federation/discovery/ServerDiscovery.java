package io.myelin.federation.discovery;

import io.myelin.matrix.id.ServerName;
import io.myelin.outbound.Endpoint;
import io.myelin.outbound.Route;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Resolves a server's name to the place where it listens. Server-server API, "Resolving server names"; the step numbers are
 * in the code.
 */
public final class ServerDiscovery {
    private static final int FEDERATION_PORT = 8448;
    private static final Pattern IP_LITERAL = Pattern.compile("\\[.*]|\\d{1,3}(\\.\\d{1,3}){3}");

    private final Delegation delegation;
    private final SrvLookup srv;

    public ServerDiscovery(Delegation delegation, SrvLookup srv) {
        this.delegation = delegation;
        this.srv = srv;
    }

    /**
     * Where to send requests for {@code server}. Asks its host and DNS, unless their answers are cached.
     *
     * @throws IOException if the name cannot be resolved
     */
    public Route route(ServerName server) throws IOException {
        if (saysWhere(server)) { // 1, 2
            return direct(server);
        }
        ServerName delegate = delegation.delegate(server.host()).orElse(server); // 3
        return saysWhere(delegate) ? direct(delegate) : lookUp(delegate.host());
    }

    private static boolean saysWhere(ServerName server) {
        return server.port().isPresent() || IP_LITERAL.matcher(server.host()).matches();
    }

    /** 1, 2, 3.1, 3.2. */
    private static Route direct(ServerName server) throws IOException {
        int port = server.port().orElse(FEDERATION_PORT);
        try {
            return new Route(server.host(), server.value(), List.of(new Endpoint(server.host(), port)));
        } catch (IllegalArgumentException e) {
            throw new IOException("there is no port " + port, e);
        }
    }

    /** Steps 3.3 to 3.5 for a delegate, 4 to 6 without one. */
    private Route lookUp(String host) {
        List<Endpoint> endpoints = srv.endpoints("_matrix-fed._tcp." + host);
        if (endpoints.isEmpty()) {
            endpoints = srv.endpoints("_matrix._tcp." + host);
        }
        return new Route(host, host, endpoints.isEmpty() ? List.of(new Endpoint(host, FEDERATION_PORT)) : endpoints);
    }
}
