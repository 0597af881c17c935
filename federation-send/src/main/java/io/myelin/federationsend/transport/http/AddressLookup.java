package io.myelin.federationsend.transport.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** The addresses of a host: CNAME, AAAA and A records, or the address itself. May take as long as DNS takes. */
@FunctionalInterface
public interface AddressLookup {
    /** @throws UnknownHostException if there is none */
    List<InetSocketAddress> addresses(Endpoint endpoint) throws UnknownHostException;

    /** As this machine resolves names. */
    static AddressLookup ofThisMachine() {
        return endpoint -> Arrays.stream(InetAddress.getAllByName(endpoint.host()))
                .map(address -> new InetSocketAddress(address, endpoint.port()))
                .toList();
    }
}
