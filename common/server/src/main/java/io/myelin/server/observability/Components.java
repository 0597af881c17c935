package io.myelin.server.observability;

import io.myelin.contracts.Topic;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The services in the order in which they are drawn: writers, servers, readers. */
public final class Components {
    private static final List<ServiceDescription> DRAWN = ServiceDescriptions.all().stream()
            .sorted(Comparator.comparing(ServiceDescription::role))
            .toList();

    private Components() {}

    public static List<ServiceDescription> drawn() {
        return DRAWN;
    }

    /** The service that a class belongs to, by its package. */
    public static Optional<ServiceDescription> ownerOf(Class<?> type) {
        return DRAWN.stream()
                .filter(service -> type.getName().startsWith(service.getClass().getPackageName() + "."))
                .findFirst();
    }

    /** The topics that services read or write, without repetition. */
    public static List<String> topicsOf(Collection<ServiceDescription> services) {
        return services.stream()
                .flatMap(service -> Stream.concat(service.reads().stream(), service.writes().stream()))
                .map(Topic::name)
                .distinct()
                .toList();
    }

    public static List<String> names(List<Topic<?>> topics) {
        return topics.stream().<String>map(Topic::name).toList();
    }
}
