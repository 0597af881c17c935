package io.myelin.server.service;

import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.contracts.account.AccountTopics;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The services that a process runs, and what follows from their descriptions.
 *
 * @param name of the program, such as {@code room-server}
 */
public record Program(String name, List<ServiceDescription> services) {

    public Program {
        services = List.copyOf(services);
    }

    /** One service in a process of its own. */
    public static Program of(ServiceDescription service) {
        return new Program(service.name(), List.of(service));
    }

    /** Every service on the class path in one process. */
    public static Program ofAll(String name) {
        return new Program(name, ServiceDescriptions.all());
    }

    /** Whether the process listens on the client port; otherwise it listens on the internal one only. */
    public boolean servesClients() {
        return services.stream().anyMatch(service -> !service.clientRequests().isEmpty());
    }

    /** The configurations of its beans. */
    public List<Class<?>> configurations() {
        return services.stream()
                .<Class<?>>map(ServiceDescription::configuration)
                .toList();
    }

    /** The topics that its servers read or write. */
    public Set<Topic<?>> topicsOfServers() {
        return services.stream()
                .filter(service -> service.role() == Role.SERVER)
                .flatMap(service -> Stream.concat(service.reads().stream(), service.writes().stream()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The topics of facts and values that its services may follow. If it serves clients, account-server's is one of
     * them, for their sessions.
     */
    public Set<Topic<?>> followed() {
        Stream<Topic<?>> read = services.stream().flatMap(service -> service.reads().stream());
        return Stream.<Topic<?>>concat(read, servesClients() ? Stream.of(AccountTopics.OUTPUT) : Stream.of())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The contracts that it needs and that no service in it offers. */
    public Set<Contract<?>> remoteContracts() {
        Stream<Contract<?>> asked = services.stream().flatMap(service -> service.asks().stream());
        Stream<Contract<?>> ofOwners = followed().stream().flatMap(Program::owner);
        Set<Contract<?>> all = Stream.concat(asked, ofOwners).collect(Collectors.toSet());
        services.forEach(service -> service.offers().forEach(all::remove));
        return all;
    }

    private static Stream<Contract<?>> owner(Topic<?> topic) {
        return switch (topic) {
            case Topic.Facts<?> facts -> Stream.of(facts.owner());
            case Topic.Values<?> values -> Stream.of(values.owner());
            case Topic.Commands<?> _, Topic.Signals<?> _ -> Stream.of();
        };
    }
}
