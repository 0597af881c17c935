package io.myelin.federationsend.transport.destination;

import io.myelin.matrix.id.ServerName;

/** Another server cannot be asked now: it does not answer, or did not lately, or has enough of our requests already. */
public final class DestinationUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DestinationUnavailable(ServerName destination, Throwable cause) {
        super(destination + " cannot be asked: " + cause.getMessage(), cause, false, false);
    }
}
