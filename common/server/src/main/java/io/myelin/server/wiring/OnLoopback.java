package io.myelin.server.wiring;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody on this very machine asks, by a browser that was sent here by nobody else. The TCP peer must be this
 * machine, and if the request was forwarded, so must everybody in {@code X-Forwarded-For}. A request that the gateway got
 * from another proxy does not count, and neither does any where the server has a public address: a proxy may be in front
 * of it that does not say whose requests it forwards.
 *
 * <p>A page of another site in the same browser also comes from this machine; it is known by its {@code Origin}, and by
 * the {@code Host} if it had its own name point here.
 */
final class OnLoopback {

    /** The gateway puts into the last what somebody before it had said in {@code X-Forwarded-For}. */
    private static final List<String> OTHER_GATEWAYS =
            List.of("Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host", "X-Forwarded-Before");

    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private OnLoopback() {}

    /** @param baseUrl the address that the server has for its clients */
    static boolean is(HttpServletRequest request, URI baseUrl) {
        return baseUrl.getHost() != null
                && NAMES.contains(baseUrl.getHost().toLowerCase(Locale.ROOT))
                && isLoopback(request.getRemoteAddr())
                && isForwardedFromLoopback(request)
                && isAskedForHere(request);
    }

    private static boolean isForwardedFromLoopback(HttpServletRequest request) {
        return OTHER_GATEWAYS.stream().allMatch(header -> request.getHeader(header) == null)
                && Collections.list(request.getHeaders("X-Forwarded-For")).stream()
                        .flatMap(hops -> Arrays.stream(hops.split(",", -1)))
                        .allMatch(hop -> isLoopback(hop.strip()));
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
