package io.myelin.federation.discovery;

import io.myelin.matrix.id.ServerName;
import java.util.Optional;

/** The delegation of federation from a host to another server name. */
@FunctionalInterface
public interface Delegation {
    /** The name that {@code host} delegates to, empty if it delegates to none. May ask the host. */
    Optional<ServerName> delegate(String host);
}
