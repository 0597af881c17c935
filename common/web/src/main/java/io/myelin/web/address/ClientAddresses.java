package io.myelin.web.address;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells where a request comes from: the TCP peer, unless that is a trusted proxy, which says in {@code X-Forwarded-For}
 * for whom it asks. What anybody else writes there is not believed.
 */
public final class ClientAddresses {
    private static final int IPV6_BYTES = 16;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final List<Network> trustedProxies;

    /**
     * @param trustedProxies such as {@code 127.0.0.1/32, ::1/128}; null for none
     * @throws IllegalArgumentException if the text is anything else
     */
    public ClientAddresses(@Nullable String trustedProxies) {
        this.trustedProxies = Network.parseList(trustedProxies);
    }

    public ClientAddress of(HttpServletRequest request) {
        return of(String.valueOf(request.getRemoteAddr()), Collections.list(request.getHeaders("X-Forwarded-For")));
    }

    ClientAddress of(String peer, List<String> forwardedFor) {
        Optional<InetAddress> known = parse(peer);
        if (known.isEmpty()) {
            return new ClientAddress(peer, false);
        }
        InetAddress address = known.get();
        List<String> hops = forwardedFor.stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .toList();
        for (String hop : hops.reversed()) { // Each proxy adds the one that it was asked by.
            Optional<InetAddress> before = parse(hop.strip());
            if (!isTrusted(address) || before.isEmpty()) {
                break;
            }
            address = before.get();
        }
        return new ClientAddress(network(address), address.isLoopbackAddress() && isTrusted(address));
    }

    /** Whether it is a proxy of ours. */
    public boolean isTrusted(InetAddress address) {
        return trustedProxies.stream().anyMatch(network -> network.contains(address));
    }

    /** By its digits alone: no name is ever looked up. */
    private static Optional<InetAddress> parse(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What limits are counted by, see {@link ClientAddress#network}. */
    public static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length < IPV6_BYTES || address.isLoopbackAddress()) {
            return address.getHostAddress();
        }
        Arrays.fill(bytes, IPV6_NETWORK_BYTES, IPV6_BYTES, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Sixteen bytes are an address", e);
        }
    }
}
