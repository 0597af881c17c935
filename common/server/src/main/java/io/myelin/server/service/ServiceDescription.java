package io.myelin.server.service;

import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.postgres.ServiceSchema;
import io.myelin.postgres.check.Invariant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that other modules need to know about a service. A service has one class of this type in its root package,
 * named in {@code META-INF/services/io.myelin.server.service.ServiceDescription} of its module. Every description on
 * the class path is part of the server; see {@code docs/adding-a-service.md}.
 *
 * <p>An implementation only returns constants: it is created in every process, also in those of other services, before
 * the configuration is read.
 */
public interface ServiceDescription {

    /**
     * The name of the service and of its folder, such as {@code room-server}: lower case, words with hyphens between. It
     * names processes, logs, metrics and the setting {@code services.<name>}. The name of a server is that of its schema
     * in the database, and {@code -server}.
     */
    String name();

    Role role();

    /**
     * The topics that the service reads. A server reads its own input. For each topic of facts or values, the service
     * gets a bean {@code Tail<F>} or {@code EphemeralTail<V>}, which is started if another bean needs it.
     */
    default List<Topic<?>> reads() {
        return List.of();
    }

    /** The topics that the service writes. The topics that a server reads and writes are created when it starts. */
    default List<Topic<?>> writes() {
        return List.of();
    }

    /**
     * The inputs to which a server sends orders: commands that follow from its decisions, to other servers or to itself.
     * They exist when those servers have started. Whoever grants rights in Kafka has to know them.
     */
    default List<Topic.Commands<?>> orders() {
        return List.of();
    }

    /**
     * The contracts that the service fulfils for others. It defines a bean of each interface, and one of {@code
     * Served}.
     */
    default List<Contract<?>> offers() {
        return List.of();
    }

    /** The contracts that the service calls. It finds a bean of each interface: one of this process, or a proxy. */
    default List<Contract<?>> asks() {
        return List.of();
    }

    /** The Spring configuration of the service's beans, which imports all others. */
    Class<?> configuration();

    /** The schema in which the service keeps its rows; empty if it keeps none. */
    default Optional<ServiceSchema> schema() {
        return Optional.empty();
    }

    /**
     * What holds in the service's schema after every commit, besides what the engine promises of its own tables. {@code
     * ./myelin check} looks for damage there. Unlike the other methods, this one is called only by it.
     */
    default List<Invariant> invariants() {
        return List.of();
    }

    /** How far the heap may grow in a process of its own, in megabytes. */
    int heapMegabytes();

    /** The records of the service's own settings; see {@link io.myelin.settings.KnownSettings}. */
    default List<Class<? extends Record>> settings() {
        return List.of();
    }

    /** The requests that the gateway sends to the service. A service that gets none has no port for clients. */
    default ClientRequests clientRequests() {
        return ClientRequests.NONE;
    }

    /**
     * Whether the service connects to hosts that are no part of the deployment, such as other homeservers. A firewall
     * between the components has to allow that.
     */
    default boolean connectsOutside() {
        return false;
    }

    /** A request that is answered with 200 only if the service does its work. */
    Probe probe();
}
