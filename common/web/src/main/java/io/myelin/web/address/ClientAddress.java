package io.myelin.web.address;

/**
 * The network address of a client. A controller with a parameter of this type gets the request's; see {@link
 * ClientAddresses}.
 *
 * @param network the key of limits per client: an IPv4 address, or the first 64 bits of an IPv6 address, since one
 *     customer has all addresses that begin with them
 * @param onThisMachine whether the client is on this very machine, and not a proxy here that forwards for others
 * @param address the whole address, for people
 */
public record ClientAddress(String network, boolean onThisMachine, String address) {
    /** The address of requests from this server's own processes and tools. */
    public static final ClientAddress OURS = new ClientAddress("this server", true);

    /** A client whose network is its address, as with IPv4. */
    public ClientAddress(String network, boolean onThisMachine) {
        this(network, onThisMachine, network);
    }
}
