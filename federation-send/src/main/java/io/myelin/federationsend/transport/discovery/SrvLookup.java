package io.myelin.federationsend.transport.discovery;

import io.myelin.federationsend.transport.http.Endpoint;
import java.util.List;

/** SRV records. */
@FunctionalInterface
public interface SrvLookup {
    /**
     * Where a service is, the preferred place first.
     *
     * @param name such as {@code _matrix-fed._tcp.example.org}
     * @return empty if there is no record, or if DNS does not say
     */
    List<Endpoint> endpoints(String name);
}
