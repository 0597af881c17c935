package io.myelin.server.service;

import io.myelin.settings.KnownSettings;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;

/** The services on the class path. */
public final class ServiceDescriptions {
    private static final List<ServiceDescription> ALL = load();

    private ServiceDescriptions() {}

    private static List<ServiceDescription> load() {
        var all = ServiceLoader.load(ServiceDescription.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing((ServiceDescription service) -> service.role() != Role.SERVER)
                        .thenComparing(ServiceDescription::name))
                .toList();
        var names = new HashSet<String>();
        for (var service : all) {
            if (!names.add(service.name())) {
                throw new IllegalStateException("There are two services " + service.name() + " on the class path");
            }
        }
        return all;
    }

    /** All services, in the order in which they start: servers, then the others, each by name. */
    public static List<ServiceDescription> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException if there is no service of that name; the message lists those that exist */
    public static ServiceDescription named(String name) {
        return ALL.stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no service " + name + ". There are: "
                        + String.join(
                                ", ", ALL.stream().map(ServiceDescription::name).toList())
                        + "."));
    }

    /** The names of all services. */
    public static List<String> names() {
        return ALL.stream().map(ServiceDescription::name).toList();
    }

    /** The names of the services that have a schema in a database. */
    public static List<String> withDatabase() {
        return ALL.stream()
                .filter(service -> service.role() == Role.SERVER)
                .map(ServiceDescription::name)
                .toList();
    }

    /** The settings of all services. */
    public static KnownSettings settings() {
        return new KnownSettings(
                ALL.stream().flatMap(service -> service.settings().stream()).toList(), names(), withDatabase());
    }
}
