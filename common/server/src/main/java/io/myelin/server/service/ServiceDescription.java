package io.myelin.server.service;

import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import java.util.List;

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

    /** A request that is answered with 200 only if the service does its work. */
    Probe probe();
}
