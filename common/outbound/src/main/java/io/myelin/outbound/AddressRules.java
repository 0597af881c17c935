package io.myelin.outbound;

import io.myelin.web.address.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses may be connected to if the host is chosen by others: public addresses, and configured networks. Otherwise
 * anybody could make this server connect to hosts of its own network. The checked address is the one that is connected to,
 * so a name that resolves differently the second time gains nothing.
 */
public final class AddressRules {
    /** The ranges that are not globally reachable, from IANA's special-purpose registries. */
    private static final List<Network> NOT_PUBLIC = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3",
                    "::/96",
                    "64:ff9b:1::/48",
                    "100::/64",
                    "2001::/23",
                    "2001:db8::/32",
                    "3fff::/20",
                    "5f00::/16",
                    "fc00::/7",
                    "fe80::/9",
                    "ff00::/8")
            .map(Network::parse)
            .toList();

    /** A NAT64 or 6to4 address contains an IPv4 address, which begins at this offset. */
    private static final Network NAT64 = Network.parse("64:ff9b::/96");

    private static final int NAT64_OFFSET = 12;
    private static final Network SIX_TO_FOUR = Network.parse("2002::/16");
    private static final int SIX_TO_FOUR_OFFSET = 2;
    private static final int IPV4_BYTES = 4;

    private final boolean everywhere;
    private final List<Network> allowed;

    private AddressRules(boolean everywhere, List<Network> allowed) {
        this.everywhere = everywhere;
        this.allowed = allowed;
    }

    /** Allows every address, for tests. */
    public static AddressRules everywhere() {
        return new AddressRules(true, List.of());
    }

    /**
     * Allows public addresses and those of the given networks.
     *
     * @param allowedNetworks such as {@code 10.0.0.0/8, fd00::/8}
     * @throws IllegalArgumentException if the text is not a list of networks
     */
    public static AddressRules publicAnd(@Nullable String allowedNetworks) {
        return new AddressRules(false, Network.parseList(allowedNetworks));
    }

    public boolean allow(InetAddress address) {
        return everywhere || isIn(allowed, address) || isPublic(address);
    }

    private static boolean isPublic(InetAddress address) {
        if (isIn(NOT_PUBLIC, address)) {
            return false;
        }
        if (address instanceof Inet6Address) {
            if (NAT64.contains(address)) {
                return isPublic(embedded(address, NAT64_OFFSET));
            }
            if (SIX_TO_FOUR.contains(address)) {
                return isPublic(embedded(address, SIX_TO_FOUR_OFFSET));
            }
        }
        return true;
    }

    private static InetAddress embedded(InetAddress address, int offset) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), offset, offset + IPV4_BYTES));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an address", e);
        }
    }

    private static boolean isIn(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }
}
