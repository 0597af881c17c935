package io.myelin.server.service;

import java.util.List;

/**
 * What the gateway sends to a service, and to which of its instances.
 *
 * @param routes each of which is the service's own
 * @param everythingElse whether it is also sent what is no service's own; there is one such service
 * @param sharing how its instances share the requests
 */
public record ClientRequests(List<Route> routes, boolean everythingElse, Sharing sharing) {

    /** How instances share requests. */
    public enum Sharing {
        /** A request goes to the less busy of two instances. */
        LEAST_BUSY,
        /** A user's requests go to one instance, which has that user's data in memory; any other could answer them too. */
        BY_USER
    }

    /** Nothing: only other processes of the server talk to the service. */
    public static final ClientRequests NONE = new ClientRequests(List.of(), false, Sharing.LEAST_BUSY);

    public ClientRequests {
        routes = List.copyOf(routes);
    }

    /** To the less busy of two instances. */
    public static ClientRequests of(Route... routes) {
        return new ClientRequests(List.of(routes), false, Sharing.LEAST_BUSY);
    }

    /** To the instance that has the user's data in memory. */
    public static ClientRequests byUser(Route... routes) {
        return new ClientRequests(List.of(routes), false, Sharing.BY_USER);
    }

    /** What no other service is sent, to the less busy of two instances. */
    public static ClientRequests ofEverythingElse() {
        return new ClientRequests(List.of(), true, Sharing.LEAST_BUSY);
    }

    public boolean isEmpty() {
        return routes.isEmpty() && !everythingElse;
    }
}
