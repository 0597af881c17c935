package io.myelin.server.service;

import java.util.List;

/**
 * The requests that the gateway sends to a service, and how it chooses the instance.
 *
 * @param routes the service's own routes
 * @param everythingElse whether the service also gets all requests that no service has a route for; there is one such
 *     service
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

    /** No requests: only other processes of the server call the service. */
    public static final ClientRequests NONE = new ClientRequests(List.of(), false, Sharing.LEAST_BUSY);

    public ClientRequests {
        routes = List.copyOf(routes);
    }

    /** These routes, to the less busy of two instances. */
    public static ClientRequests of(Route... routes) {
        return new ClientRequests(List.of(routes), false, Sharing.LEAST_BUSY);
    }

    /** These routes, to the instance that has the user's data in memory. */
    public static ClientRequests byUser(Route... routes) {
        return new ClientRequests(List.of(routes), false, Sharing.BY_USER);
    }

    /** All requests that no other service gets, to the less busy of two instances. */
    public static ClientRequests ofEverythingElse() {
        return new ClientRequests(List.of(), true, Sharing.LEAST_BUSY);
    }

    public boolean isEmpty() {
        return routes.isEmpty() && !everythingElse;
    }
}
