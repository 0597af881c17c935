package io.myelin.federation.destination;

import io.myelin.matrix.id.ServerName;

/**
 * Another server cannot be asked now: it does not answer, it recently failed too often, or too many requests to it are
 * under way.
 */
public final class DestinationUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DestinationUnavailable(ServerName destination, Throwable cause) {
        super(destination + " cannot be asked: " + cause.getMessage(), cause, false, false);
    }
}
