package io.myelin.server.observability;

import io.myelin.kafka.CommandSender;
import io.myelin.kafka.Tail;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.server.Readiness;
import io.myelin.server.ShardOwnership;
import io.myelin.server.ShardServer;
import io.myelin.server.service.ServiceDescription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The parts of this process that are measured or reported: the beans that exist. A lazy bean is not created for this.
 *
 * @param components the services of which there is a bean
 * @param owners the shards of each service that has shards
 */
public record Parts(
        Set<ServiceDescription> components,
        List<Readiness> readiness,
        List<ShardOwnership> owners,
        List<ShardServer<?, ?, ?>> servers,
        List<Tail<?>> tails,
        List<CommandSender> senders,
        List<ServiceDatabase> databases,
        List<StoredCount> counts) {

    /** To be called when everything has started. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // Beans of generic types, whatever of.
    public static Parts of(ConfigurableListableBeanFactory beans) {
        return new Parts(
                components(beans),
                existing(beans, Readiness.class),
                existing(beans, ShardOwnership.class),
                (List) existing(beans, ShardServer.class),
                (List) existing(beans, Tail.class),
                existing(beans, CommandSender.class),
                existing(beans, ServiceDatabase.class),
                existing(beans, StoredCount.class));
    }

    private static Set<ServiceDescription> components(ConfigurableListableBeanFactory beans) {
        Set<ServiceDescription> components = new LinkedHashSet<>();
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = beans.getType(name, false);
            if (type != null) {
                Components.ownerOf(type).ifPresent(components::add);
            }
        }
        return components;
    }

    private static <T> List<T> existing(ConfigurableListableBeanFactory beans, Class<T> type) {
        List<T> existing = new ArrayList<>();
        Arrays.stream(beans.getBeanNamesForType(type, false, false))
                .filter(beans::containsSingleton)
                .forEach(name -> existing.add(beans.getBean(name, type)));
        return existing;
    }

    public Optional<ShardOwnership> ownerOf(ServiceDescription component) {
        return owners.stream()
                .filter(owner -> owner.component().equals(component.name()))
                .findFirst();
    }

    /**
     * The parts that have to work for a component to work: a server's own shards; for other components, everything but
     * shards.
     */
    public List<Readiness> readinessOf(ServiceDescription component) {
        return ownerOf(component)
                .filter(Readiness.class::isInstance)
                .map(Readiness.class::cast)
                .map(List::of)
                .orElseGet(() -> readiness.stream()
                        .filter(part -> !(part instanceof ShardOwnership))
                        .toList());
    }
}
