package io.myelin.server.wiring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.myelin.contracts.Topic;
import io.myelin.kafka.KafkaFigures;
import io.myelin.kafka.Tail;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.server.ShardServer;
import io.myelin.server.observability.Parts;
import io.myelin.server.observability.Refreshed;
import io.myelin.server.observability.RequestTimings;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.wiring.ProcessReport.ComponentReport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reports on this process, from figures that its parts keep anyway. */
final class ThisProcess {

    private static final Duration HEALTH_MAX_AGE = Duration.ofMillis(900);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** The figures of the picture, and the gauges that they are read from. */
    private static final Map<String, String> FIGURES = Map.of(
            "rooms", "myelin.rooms",
            "users", "myelin.users",
            "parked", "myelin.sync.parked",
            "cachedRooms", "myelin.sync.cached.rooms",
            "inFlight", "myelin.commands.in.flight");

    private final String instance;
    private final int shards;
    private final Parts parts;
    private final KafkaFigures kafka;
    private final RequestTimings requests;
    private final MeterRegistry meters;
    private final Map<ServiceDescription, Refreshed<Boolean>> health = new LinkedHashMap<>();
    private final @Nullable Refreshed<Boolean> database;

    ThisProcess(
            String instance,
            int shards,
            Parts parts,
            KafkaFigures kafka,
            RequestTimings requests,
            MeterRegistry meters) {
        this.instance = instance;
        this.shards = shards;
        this.parts = parts;
        this.kafka = kafka;
        this.requests = requests;
        this.meters = meters;
        parts.components()
                .forEach(component -> health.put(component, new Refreshed<>(() -> isWell(component), HEALTH_MAX_AGE)));
        database = parts.databases().isEmpty()
                ? null
                : new Refreshed<>(() -> answers(parts.databases().getFirst()), HEALTH_MAX_AGE);
    }

    private boolean isWell(ServiceDescription component) {
        return parts.readinessOf(component).stream().allMatch(part -> part.trouble() == null)
                && (parts.ownerOf(component).isPresent()
                        || parts.tails().stream().allMatch(this::hasStarted));
    }

    private static boolean answers(ServiceDatabase database) {
        return database.read(jdbc ->
                jdbc.sql("SELECT true").withQueryTimeout(2).query(Boolean.class).single());
    }

    ProcessReport report() {
        return new ProcessReport(
                instance,
                ProcessHandle.current().pid(),
                ManagementFactory.getRuntimeMXBean().getStartTime(),
                components(),
                kafka.topics(),
                committed(),
                applied(),
                kafka.isConnected(),
                isDatabaseUp(),
                figures());
    }

    private List<ComponentReport> components() {
        List<ComponentReport> reports = new ArrayList<>();
        health.forEach((component, well) -> reports.add(new ComponentReport(
                component.name(),
                well.get(true) && !well.isFailing(PATIENCE),
                parts.ownerOf(component).map(owner -> owner.owned().size()).orElse(null),
                requests.count(component))));
        return reports;
    }

    private boolean hasStarted(Tail<?> tail) {
        for (int shard = 0; shard < shards; shard++) {
            if (tail.position(shard).incarnation() < 0) {
                return false;
            }
        }
        return true;
    }

    private Map<String, Map<Integer, Long>> committed() {
        Map<String, Map<Integer, Long>> committed = new TreeMap<>();
        for (ShardServer<?, ?, ?> server : parts.servers()) {
            parts.components().stream()
                    .filter(component -> component.name().equals(server.component()))
                    .flatMap(component -> component.writes().stream())
                    .filter(Topic.Facts.class::isInstance)
                    .forEach(topic -> committed.put(topic.name(), positions(server)));
        }
        return committed;
    }

    private Map<Integer, Long> positions(ShardServer<?, ?, ?> server) {
        Map<Integer, Long> positions = new HashMap<>();
        for (int shard = 0; shard < shards; shard++) {
            int number = shard;
            server.service().committed(shard).ifPresent(committed -> positions.put(number, committed.seq()));
        }
        return positions;
    }

    private Map<String, Map<Integer, Long>> applied() {
        Map<String, Map<Integer, Long>> applied = new TreeMap<>();
        for (Tail<?> tail : parts.tails()) {
            Map<Integer, Long> positions = new HashMap<>();
            for (int shard = 0; shard < shards; shard++) {
                positions.put(shard, tail.position(shard).seq());
            }
            applied.put(tail.topic(), positions);
        }
        return applied;
    }

    private @Nullable Boolean isDatabaseUp() {
        Refreshed<Boolean> asked = database;
        return asked == null ? null : asked.get(true) && !asked.isFailing(PATIENCE);
    }

    private Map<String, Long> figures() {
        Map<String, Long> figures = new TreeMap<>();
        FIGURES.forEach((name, meter) -> {
            Gauge gauge = meters.find(meter).gauge();
            if (gauge != null && Double.isFinite(gauge.value())) {
                figures.put(name, Math.round(gauge.value()));
            }
        });
        return figures;
    }
}
