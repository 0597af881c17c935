package io.myelin.server.service;

import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import java.util.List;

/**
 * Everything that others need to know of a service. A service has one class of this type in its root package, named in
 * {@code META-INF/services/io.myelin.server.service.ServiceDescription} of its module. What is on the class path is part of
 * the server: {@code docs/adding-a-service.md}.
 *
 * <p>An implementation is a list of constants: it is made in every process, also in those of other services, before the
 * configuration is read.
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
     * The topics that the service reads. A server reads its own input. For the facts and the values of a server, the
     * service has a bean {@code Tail<F>} or {@code EphemeralTail<V>}, which is started if somebody asks for it.
     */
    default List<Topic<?>> reads() {
        return List.of();
    }

    /** The topics that the service writes. Those that a server reads and writes are made when it starts. */
    default List<Topic<?>> writes() {
        return List.of();
    }

    /** What the service has for others. It makes a bean of each interface, and one of {@code Served}. */
    default List<Contract<?>> offers() {
        return List.of();
    }

    /** What the service calls: a bean of each interface is there, in this process or as a proxy. */
    default List<Contract<?>> asks() {
        return List.of();
    }

    /** The Spring configuration of its beans. Everything else is reached from there. */
    Class<?> configuration();

    /** How far the heap may grow in a process of its own, in megabytes. */
    int heapMegabytes();

    /** The records of the service's own settings; see {@link io.myelin.settings.KnownSettings}. */
    default List<Class<? extends Record>> settings() {
        return List.of();
    }

    /** What the gateway sends to the service. A service that is sent nothing has no port for clients. */
    default ClientRequests clientRequests() {
        return ClientRequests.NONE;
    }

    /** A request that nobody can answer with 200 unless the service does its work. */
    Probe probe();
}
