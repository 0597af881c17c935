package io.myelin.server.listen;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;

/** The address at which other machines and containers reach this one. */
final class OwnAddress {
    /** An address for documentation. Nothing is ever sent to it. */
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 9);

    private OwnAddress() {}

    /**
     * The address of this machine's name; or, if that means the machine itself to itself, as 127.0.1.1 does, the address
     * from which it would send elsewhere.
     *
     * @return as it is written in a URL; empty if there is none
     */
    static Optional<String> find() {
        return firstReachable(Stream.of(ofName(), ofRoute()).flatMap(Optional::stream));
    }

    static Optional<String> firstReachable(Stream<InetAddress> addresses) {
        return addresses
                .filter(address ->
                        !address.isLoopbackAddress() && !address.isAnyLocalAddress() && !address.isLinkLocalAddress())
                .findFirst()
                .map(OwnAddress::inUrl);
    }

    private static Optional<InetAddress> ofName() {
        try {
            return Optional.of(InetAddress.getLocalHost());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static Optional<InetAddress> ofRoute() {
        try (var socket = new DatagramSocket()) {
            socket.connect(ELSEWHERE);
            return Optional.of(socket.getLocalAddress());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String inUrl(InetAddress address) {
        return inUrl(
                address instanceof Inet6Address
                        ? address.getHostAddress().replaceFirst("%.*", "")
                        : address.getHostAddress());
    }

    /** A host as it is written in a URL: an IPv6 address is in brackets. */
    static String inUrl(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
