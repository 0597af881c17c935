package io.myelin.federation.discovery;

import io.myelin.outbound.Endpoint;
import java.util.List;

/** Looks up SRV records. */
@FunctionalInterface
public interface SrvLookup {
    /**
     * The endpoints of a service, in order of preference.
     *
     * @param name such as {@code _matrix-fed._tcp.example.org}
     * @return empty if there is no record, or DNS gives no answer
     */
    List<Endpoint> endpoints(String name);
}
