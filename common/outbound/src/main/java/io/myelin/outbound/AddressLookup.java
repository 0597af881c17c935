package io.myelin.outbound;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Looks up the addresses of a host: CNAME, AAAA and A records, or the address itself. May take as long as DNS takes. */
@FunctionalInterface
public interface AddressLookup {
    /** @throws UnknownHostException if there is no address */
    List<InetSocketAddress> addresses(Endpoint endpoint) throws UnknownHostException;

    /** Uses this machine's name resolution. */
    static AddressLookup ofThisMachine() {
        return endpoint -> Arrays.stream(InetAddress.getAllByName(endpoint.host()))
                .map(address -> new InetSocketAddress(address, endpoint.port()))
                .toList();
    }
}
