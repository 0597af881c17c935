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
 * A component that runs as a process of its own: an engine, a service or the gateway.
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

    /**
     * The groups of components that start together. A tier is healthy before the next one starts; they stop in reverse
     * order.
     */
    enum Tier {
        ENGINES,
        SERVERS,
        EDGES,
        GATEWAY
    }

    private static Component of(ServiceDescription service) {
        return new Component(service.name(), service.role() == Role.SERVER ? Tier.SERVERS : Tier.EDGES, service);
    }

    /** All components, in the order in which they start. */
    static List<Component> all() {
        return ALL;
    }

    /** @throws UsageError if there is no such component; the message lists those that there are */
    static Component of(String id) {
        return ALL.stream()
                .filter(component -> component.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new UsageError("There is no component " + id + ". There are: "
                        + ALL.stream().map(Component::id).collect(Collectors.joining(", ")) + "."));
    }

    /** Whether it is a service of Myelin, which can have several instances. */
    boolean isService() {
        return service != null;
    }

    /** The description of the service; empty for an engine and the gateway. */
    Optional<ServiceDescription> description() {
        return Optional.ofNullable(service);
    }

    /** Whether the gateway sends requests to it. */
    boolean servesClients() {
        return service != null && !service.clientRequests().isEmpty();
    }

    /** Its part in names of environment variables: {@code ROOM_SERVER}. */
    String variable() {
        return id.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
