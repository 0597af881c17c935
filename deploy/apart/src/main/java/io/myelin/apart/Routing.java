package io.myelin.apart;

import io.myelin.server.service.ClientRequests;
import io.myelin.server.service.Route;
import io.myelin.server.service.ServiceDescription;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The parts of the gateway's configuration that follow from the services' descriptions: which service gets a request, and
 * how its instances share the requests.
 */
record Routing(List<ServiceDescription> services) {
    private static final String UPSTREAM = """
                upstream %1$s {
                    zone %1$s 64k;
                    %2$s;
                    %3$s
                    keepalive 256;
                    keepalive_requests 1000000;
                    keepalive_timeout 20s;
                }
            """;

    private record Rule(Route route, String service) {}

    /** Keeps only the services that get requests. */
    Routing {
        services = services.stream()
                .filter(service -> !service.clientRequests().isEmpty())
                .toList();
    }

    /** The rules for {@code "$request_method $request_uri"}; the first match counts. */
    String rules() {
        return services.stream()
                .flatMap(service ->
                        service.clientRequests().routes().stream().map(route -> new Rule(route, service.name())))
                .sorted(Comparator.comparing(Rule::route, Route.ORDER))
                .map(rule -> "\"~" + rule.route().pattern() + "\" " + rule.service() + ";")
                .collect(Collectors.joining("\n        "));
    }

    /**
     * The service that gets all other requests.
     *
     * @throws IllegalStateException if there is not exactly one
     */
    String everythingElse() {
        var all = services.stream()
                .filter(service -> service.clientRequests().everythingElse())
                .map(ServiceDescription::name)
                .toList();
        if (all.size() != 1) {
            throw new IllegalStateException("One service has to be sent what is nobody's own, and not " + all);
        }
        return all.getFirst();
    }

    /** @param servers nginx's {@code server} lines for the instances of a service */
    String upstreams(Function<ServiceDescription, String> servers) {
        return services.stream()
                .map(service -> UPSTREAM.formatted(
                        service.name(), method(service.clientRequests().sharing()), servers.apply(service)))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    private static String method(ClientRequests.Sharing sharing) {
        return switch (sharing) {
            case LEAST_BUSY -> "random two least_conn";
            case BY_USER -> "hash $caller consistent";
        };
    }
}
