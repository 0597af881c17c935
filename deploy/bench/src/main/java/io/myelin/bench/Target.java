package io.myelin.bench;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The server under test: one homeserver by its address, or a cluster by several addresses over which the users are spread.
 */
record Target(List<Endpoint> endpoints) {

    Endpoint of(int user) {
        return endpoints.get(user % endpoints.size());
    }

    @Override
    public String toString() {
        return endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(" + "));
    }
}
