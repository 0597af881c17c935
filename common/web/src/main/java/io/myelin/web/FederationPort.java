package io.myelin.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * What the federation port serves: the server-server API, and nothing for clients or administrators. The code that
 * opens the port marks its requests with {@link #MARK}.
 */
public final class FederationPort {
    /** The attribute of a request that came in on the federation port. */
    public static final String MARK = "io.myelin.federation-port";

    private static final List<String> SERVED = List.of("/_matrix/federation/", "/_matrix/key/");
    private static final String WELL_KNOWN = "/.well-known/matrix/server";

    private FederationPort() {}

    /** Whether the request came in on the federation port and its path is not served there. */
    static boolean hides(HttpServletRequest request) {
        String path = request.getRequestURI();
        return request.getAttribute(MARK) != null
                && !path.equals(WELL_KNOWN)
                && SERVED.stream().noneMatch(path::startsWith);
    }
}
