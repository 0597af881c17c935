package io.myelin.web.address;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address that a request comes from: the TCP peer, or if that is a trusted proxy, the address that it adds to
 * {@code X-Forwarded-For}. Entries of any other sender are ignored. A forwarded request never counts as coming from
 * this machine, whatever address it names.
 */
public final class ClientAddresses {
    private static final int IPV6_BYTES = 16;
    private static final int IPV6_NETWORK_BYTES = 8;

    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]*]|[0-9.]+):[0-9]{1,5}");

    /** Headers that show that there was a proxy, though not all name the client. */
    private static final List<String> OF_PROXIES = List.of(
            "X-Forwarded-For",
            "X-Forwarded-Before",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Real-IP",
            "Forwarded",
            "Via");

    private final List<Network> trustedProxies;

    /**
     * @param trustedProxies such as {@code 127.0.0.1/32, ::1/128}; null for none
     * @throws IllegalArgumentException if the text is anything else
     */
    public ClientAddresses(@Nullable String trustedProxies) {
        this.trustedProxies = Network.parseList(trustedProxies);
    }

    public ClientAddress of(HttpServletRequest request) {
        return of(String.valueOf(request.getRemoteAddr()), name -> Collections.list(request.getHeaders(name)));
    }

    /** @param headers by their name */
    ClientAddress of(String peer, Function<String, List<String>> headers) {
        Optional<InetAddress> known = parse(peer);
        if (known.isEmpty()) {
            return new ClientAddress(peer, false);
        }
        InetAddress address = known.get();
        List<String> hops = headers.apply("X-Forwarded-For").stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .toList();
        for (String hop : hops.reversed()) { // Each proxy appends the address that its request came from.
            Optional<InetAddress> before = parse(hop.strip());
            if (!isTrusted(address) || before.isEmpty()) {
                break;
            }
            address = before.get();
        }
        boolean isForwarded =
                OF_PROXIES.stream().anyMatch(name -> !headers.apply(name).isEmpty());
        return new ClientAddress(
                network(address),
                !isForwarded && address.isLoopbackAddress() && isTrusted(address),
                address.getHostAddress());
    }

    /** Whether the request was sent by a trusted proxy, for somebody or for itself. */
    public boolean isFromTrustedProxy(HttpServletRequest request) {
        return parse(String.valueOf(request.getRemoteAddr()))
                .filter(this::isTrusted)
                .isPresent();
    }

    /** Whether the address belongs to a trusted proxy. */
    public boolean isTrusted(InetAddress address) {
        return trustedProxies.stream().anyMatch(network -> network.contains(address));
    }

    /** Parses a literal address, with a port or without; no name is ever looked up. */
    private static Optional<InetAddress> parse(String text) {
        Matcher withPort = WITH_PORT.matcher(text);
        String host = withPort.matches() ? withPort.group(1) : text;
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The key of limits per client, see {@link ClientAddress#network}. */
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
