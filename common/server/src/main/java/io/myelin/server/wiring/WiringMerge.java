package io.myelin.server.wiring;

import io.myelin.kafka.KafkaFigures.TopicFigures;
import io.myelin.server.observability.Components;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.wiring.ProcessReport.ComponentReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Combines the reports of processes into a picture; a pure function. */
final class WiringMerge {

    /** Figures that are not summed, because every process reads them from the same database. */
    private static final Set<String> SHARED = Set.of("rooms", "users");

    private final List<ServiceDescription> services;
    private final List<ProcessReport> processes;
    private final Map<String, List<String>> silent;

    /**
     * @param services all services that may occur in reports, in the order of the picture
     * @param silent the names of instances that did not answer, by component
     */
    WiringMerge(List<ServiceDescription> services, List<ProcessReport> processes, Map<String, List<String>> silent) {
        this.services = services;
        this.processes = processes;
        this.silent = silent;
    }

    WiringSnapshot snapshot(long at, String server) {
        boolean apart = processes.size() > 1 || !silent.isEmpty();
        return new WiringSnapshot(at, server, apart, parts(), topics(), engines(), figures());
    }

    /** The components that a process runs, or should run. */
    private List<WiringSnapshot.Part> parts() {
        List<WiringSnapshot.Part> parts = new ArrayList<>();
        for (ServiceDescription component : present()) {
            long requests = 0;
            List<WiringSnapshot.Instance> instances = new ArrayList<>();
            for (ProcessReport process : processes) {
                for (ComponentReport report : process.components()) {
                    if (report.name().equals(component.name())) {
                        requests += report.requests();
                        instances.add(instance(process, report));
                    }
                }
            }
            silent.getOrDefault(component.name(), List.of())
                    .forEach(name -> instances.add(new WiringSnapshot.Instance(name, false, -1, 0, 0)));
            parts.add(new WiringSnapshot.Part(
                    component.name(),
                    component.role().label(),
                    !component.clientRequests().isEmpty(),
                    Components.names(component.reads()),
                    Components.names(component.writes()),
                    requests,
                    instances));
        }
        return parts;
    }

    private List<ServiceDescription> present() {
        return services.stream()
                .filter(service -> silent.containsKey(service.name())
                        || processes.stream()
                                .flatMap(process -> process.components().stream())
                                .anyMatch(report -> report.name().equals(service.name())))
                .toList();
    }

    private static WiringSnapshot.Instance instance(ProcessReport process, ComponentReport report) {
        Integer shards = report.shards();
        return new WiringSnapshot.Instance(
                process.instance(), report.ready(), shards == null ? -1 : shards, process.pid(), process.startedAt());
    }

    /** The topics that the present components read or write. */
    private List<WiringSnapshot.Topic> topics() {
        Map<String, Map<Integer, Long>> committed = committed();
        List<WiringSnapshot.Topic> topics = new ArrayList<>();
        for (String name : Components.topicsOf(present())) {
            topics.add(new WiringSnapshot.Topic(
                    name,
                    sum(name, TopicFigures::published),
                    sum(name, TopicFigures::consumed),
                    committed.containsKey(name)
                            ? tailLag(name, committed.getOrDefault(name, Map.of()))
                            : sum(name, TopicFigures::lag)));
        }
        return topics;
    }

    private long sum(String topic, ToLongFunction<TopicFigures> figure) {
        return processes.stream()
                .flatMap(process -> process.topics().stream())
                .filter(figures -> figures.topic().equals(topic))
                .mapToLong(figure)
                .sum();
    }

    /**
     * The committed numbers by output topic and shard. While a shard moves, its old owner reports a lower number, so
     * the highest counts.
     */
    private Map<String, Map<Integer, Long>> committed() {
        Map<String, Map<Integer, Long>> all = new HashMap<>();
        for (ProcessReport process : processes) {
            process.committed().forEach((topic, shards) -> {
                Map<Integer, Long> known = all.computeIfAbsent(topic, none -> new HashMap<>());
                shards.forEach((shard, seq) -> known.merge(shard, seq, Math::max));
            });
        }
        return all;
    }

    /** How many facts the owner has committed and the slowest tail has not applied. */
    private long tailLag(String topic, Map<Integer, Long> committed) {
        return processes.stream()
                .map(process -> process.applied().get(topic))
                .filter(Objects::nonNull)
                .mapToLong(applied -> committed.entrySet().stream()
                        .mapToLong(shard -> Math.max(0, shard.getValue() - applied.getOrDefault(shard.getKey(), 0L)))
                        .sum())
                .max()
                .orElse(0);
    }

    private List<WiringSnapshot.Engine> engines() {
        boolean database = processes.stream().anyMatch(process -> Boolean.TRUE.equals(process.database()));
        boolean broker = processes.stream().anyMatch(ProcessReport::broker);
        return List.of(new WiringSnapshot.Engine("PostgreSQL", database), new WiringSnapshot.Engine("Kafka", broker));
    }

    private Map<String, Long> figures() {
        Map<String, Long> figures = new TreeMap<>();
        for (ProcessReport process : processes) {
            process.figures()
                    .forEach((name, value) ->
                            figures.merge(name, value, SHARED.contains(name) ? Math::max : Math::addExact));
        }
        return figures;
    }
}
