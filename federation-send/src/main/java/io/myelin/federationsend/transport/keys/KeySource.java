package io.myelin.federationsend.transport.keys;

import io.myelin.federationsend.transport.destination.DestinationUnavailable;
import io.myelin.matrix.id.ServerName;

/** Where the keys of other servers come from. */
@FunctionalInterface
public interface KeySource {
    /**
     * What {@code server} publishes now, checked. Takes as long as that server takes.
     *
     * @throws DestinationUnavailable if it does not answer
     * @throws UnacceptableKeys if what it answers must not be believed
     */
    ServerKeys fetch(ServerName server);
}
