package io.myelin.server.wiring;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody on this very machine asks, by a browser that was sent here by nobody else. Believed are only
 * the TCP peer and, from a gateway on this machine, the last hop that it adds to {@code X-Forwarded-For}: what comes
 * from elsewhere may say of itself what it likes.
 *
 * <p>A page of another site in the same browser also comes from this machine; it is known by its {@code Origin}, and by
 * the {@code Host} if it had its own name point here.
 */
final class OnLoopback {

    private static final List<String> OTHER_GATEWAYS = List.of("Forwarded", "X-Real-IP", "Via");
    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private OnLoopback() {}

    static boolean is(HttpServletRequest request) {
        return isLoopback(request.getRemoteAddr()) && isForwardedFromLoopback(request) && isAskedForHere(request);
    }

    private static boolean isForwardedFromLoopback(HttpServletRequest request) {
        List<String> hops = Collections.list(request.getHeaders("X-Forwarded-For"));
        if (hops.isEmpty()) {
            return OTHER_GATEWAYS.stream().allMatch(header -> request.getHeader(header) == null);
        }
        String last = hops.getLast();
        return isLoopback(last.substring(last.lastIndexOf(',') + 1).strip());
    }

    private static boolean isAskedForHere(HttpServletRequest request) {
        String host = request.getHeader("Host");
        String origin = request.getHeader("Origin");
        return host != null
                && NAMES.contains(withoutPort(host.toLowerCase(Locale.ROOT)))
                && (origin == null
                        || origin.equalsIgnoreCase("http://" + host)
                        || origin.equalsIgnoreCase("https://" + host));
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":[0-9]{1,5}$", "");
    }

    /** By its digits alone: no name is ever looked up. */
    static boolean isLoopback(@Nullable String address) {
        return address != null
                && (address.matches("(::ffff:)?127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}")
                        || address.equals("::1")
                        || address.equals("0:0:0:0:0:0:0:1")
                        || address.equals("[::1]")
                        || address.equals("[0:0:0:0:0:0:0:1]"));
    }
}
