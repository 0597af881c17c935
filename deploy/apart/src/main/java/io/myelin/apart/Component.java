package io.myelin.apart;

import io.myelin.server.service.Role;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What runs apart: an engine, a service or the gateway.
 *
 * @param id as in the wiring diagram: {@code room-server}
 * @param service null for an engine and the gateway
 */
record Component(String id, Tier tier, @Nullable ServiceDescription service) {
    static final Component POSTGRESQL = new Component("postgresql", Tier.ENGINES, null);
    static final Component KAFKA = new Component("kafka", Tier.ENGINES, null);
    static final Component GATEWAY = new Component("gateway", Tier.GATEWAY, null);

    private static final List<Component> ALL = Stream.of(
                    Stream.of(POSTGRESQL, KAFKA),
                    ServiceDescriptions.all().stream().map(Component::of),
                    Stream.of(GATEWAY))
            .flatMap(components -> components)
            .toList();

    /** What starts together; a tier is healthy before the next one starts. They stop in the opposite order. */
    enum Tier {
        ENGINES,
        SERVERS,
        EDGES,
        GATEWAY
    }

    private static Component of(ServiceDescription service) {
        return new Component(service.name(), service.role() == Role.SERVER ? Tier.SERVERS : Tier.EDGES, service);
    }

    /** All of them, in the order in which they start. */
    static List<Component> all() {
        return ALL;
    }

    /** @throws Misuse if there is none of that name, with those that there are */
    static Component of(String id) {
        return ALL.stream()
                .filter(component -> component.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Misuse("There is no component " + id + ". There are: "
                        + ALL.stream().map(Component::id).collect(Collectors.joining(", ")) + "."));
    }

    /** Whether it is one of Myelin's own, of which there can be several. */
    boolean isService() {
        return service != null;
    }

    /** What is known of the service, if it is one. */
    Optional<ServiceDescription> description() {
        return Optional.ofNullable(service);
    }

    /** Whether the gateway sends it requests. */
    boolean servesClients() {
        return service != null && !service.clientRequests().isEmpty();
    }

    /** As in the names of environment variables: {@code ROOM_SERVER}. */
    String variable() {
        return id.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
