package io.myelin.web.address;

/**
 * Where a client is. A controller with a parameter of this type gets that of the request; see {@link ClientAddresses}.
 *
 * @param network what limits are counted by: an IPv4 address, or the first 64 bits of an IPv6 address, of which one
 *     customer has all the rest
 * @param onThisMachine whether it is this very machine, from where a proxy would ask for others
 */
public record ClientAddress(String network, boolean onThisMachine) {
    /** Of requests that come from this server's own processes and tools. */
    public static final ClientAddress OURS = new ClientAddress("this server", true);
}
