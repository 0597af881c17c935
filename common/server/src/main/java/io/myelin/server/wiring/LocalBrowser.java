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
 * Whether a request comes from a browser on this very machine, and from a page of this server. The TCP peer must be
 * this machine, and if the request was forwarded, so must every address in {@code X-Forwarded-For}. A request that the
 * gateway got from another proxy does not count. If the server has a public address, no request counts: a proxy in
 * front of it may not say whose requests it forwards.
 *
 * <p>Requests of another site's page in the same browser also come from this machine. They are recognised by their
 * {@code Origin}, or by their {@code Host} if the site's own name resolves to this machine.
 */
final class LocalBrowser {

    /** Headers of other proxies. In the last one the gateway keeps an {@code X-Forwarded-For} that it received. */
    private static final List<String> OTHER_GATEWAYS =
            List.of("Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host", "X-Forwarded-Before");

    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private LocalBrowser() {}

    /** @param baseUrl the address that clients use for the server */
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

    /** Decides by the text of the address alone, without looking up names. */
    static boolean isLoopback(@Nullable String address) {
        return address != null
                && (address.matches("(::ffff:)?127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}")
                        || address.equals("::1")
                        || address.equals("0:0:0:0:0:0:0:1")
                        || address.equals("[::1]")
                        || address.equals("[0:0:0:0:0:0:0:1]"));
    }
}
