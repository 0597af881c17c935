package io.myelin.federationsend.transport.keys;

import io.myelin.federation.destination.DestinationUnavailable;
import io.myelin.matrix.id.ServerName;

/** Fetches the keys of other servers. */
@FunctionalInterface
public interface KeySource {
    /**
     * Fetches the keys that {@code server} publishes now, and checks them. Takes as long as that server takes.
     *
     * @throws DestinationUnavailable if it does not answer
     * @throws UnacceptableKeys if its answer must not be trusted
     */
    ServerKeys fetch(ServerName server);
}
