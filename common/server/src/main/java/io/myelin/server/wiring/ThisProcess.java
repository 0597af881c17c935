package io.myelin.server.wiring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.myelin.kafka.KafkaFigures;
import io.myelin.kafka.Tail;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.server.ShardServer;
import io.myelin.server.wiring.ProcessReport.ComponentReport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reports on this process, from what its parts know anyway. */
final class ThisProcess {

    private static final Duration DATABASE_MAX_AGE = Duration.ofSeconds(1);
    private static final Duration DATABASE_SILENCE = Duration.ofSeconds(4);

    /** The figures of the picture, and the gauges that know them. */
    private static final Map<String, String> FIGURES = Map.of(
            "rooms", "myelin.rooms",
            "users", "myelin.users",
            "parked", "myelin.sync.parked",
            "cachedRooms", "myelin.sync.cached.rooms",
            "inFlight", "myelin.commands.in.flight");

    private final String instance;
    private final int shards;
    private final Set<Component> components;
    private final List<ShardServer<?, ?, ?>> servers;
    private final List<Tail<?>> tails;
    private final KafkaFigures kafka;
    private final HttpFigures http;
    private final MeterRegistry meters;
    private final @Nullable Refreshed<Boolean> database;

    ThisProcess(
            String instance,
            int shards,
            Set<Component> components,
            List<ShardServer<?, ?, ?>> servers,
            List<Tail<?>> tails,
            List<ServiceDatabase> databases,
            KafkaFigures kafka,
            HttpFigures http,
            MeterRegistry meters) {
        this.instance = instance;
        this.shards = shards;
        this.components = components;
        this.servers = servers;
        this.tails = tails;
        this.kafka = kafka;
        this.http = http;
        this.meters = meters;
        database = databases.isEmpty() ? null : new Refreshed<>(() -> answers(databases.getFirst()), DATABASE_MAX_AGE);
    }

    private static boolean answers(ServiceDatabase database) {
        return database.read(connection -> connection.isValid(2));
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
        boolean caughtUp = tails.stream().allMatch(this::hasStarted);
        List<ComponentReport> reports = new ArrayList<>();
        for (Component component : components) {
            Optional<ShardServer<?, ?, ?>> server = serverOf(component);
            long requests = http.of(component).count();
            reports.add(
                    server.isPresent()
                            ? new ComponentReport(
                                    component.label(),
                                    server.get().ownsAll(),
                                    positions(server.get()).size(),
                                    requests)
                            : new ComponentReport(component.label(), caughtUp, null, requests));
        }
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

    /** A service's schema is named as its component is: {@code room}, room-server. */
    private Optional<ShardServer<?, ?, ?>> serverOf(Component component) {
        return servers.stream()
                .filter(server -> component.label().equals(server.database().schema() + "-server"))
                .findFirst();
    }

    private Map<String, Map<Integer, Long>> committed() {
        Map<String, Map<Integer, Long>> committed = new TreeMap<>();
        for (Component component : components) {
            serverOf(component)
                    .ifPresent(server -> component.writes().forEach(topic -> committed.put(topic, positions(server))));
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
        for (Tail<?> tail : tails) {
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
        return asked == null ? null : asked.get(true) && asked.isYoungerThan(DATABASE_SILENCE);
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
