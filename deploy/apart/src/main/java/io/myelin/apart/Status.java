package io.myelin.apart;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.myelin.web.InternalSecret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The output of {@code ./myelin status}, which asks each process. */
final class Status {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Supervisor supervisor;
    private final Addresses addresses;
    private final InternalSecret secret;

    /** Where the instances listen. */
    interface Addresses {
        /** The port for other processes; 0 if it has none or the port is unknown. */
        int port(Instance instance);

        /** The port for the gateway or for clients; 0 if it has none. */
        int clientPort(Instance instance);
    }

    /** @param secret of the internal listeners */
    Status(Supervisor supervisor, Addresses addresses, String secret) {
        this.supervisor = supervisor;
        this.addresses = addresses;
        this.secret = new InternalSecret(secret);
    }

    /**
     * One process.
     *
     * @param pid 0 if there is none
     * @param health {@code up}, {@code starting}, {@code stopped} or {@code dead}
     * @param restarts how often it has died by itself
     * @param shards that it owns
     * @param trouble why it is not up, in its own words; empty if it gives no reason
     */
    record Row(
            String component,
            String instance,
            long pid,
            int port,
            int clientPort,
            String health,
            int restarts,
            List<Integer> shards,
            String trouble) {}

    List<Row> rows() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = supervisor.supervisedInstances().stream()
                    .map(supervisedInstance -> threads.submit(() -> row(supervisedInstance)))
                    .toList();
            var rows = new ArrayList<Row>();
            for (var one : asked) {
                rows.add(one.get());
            }
            return rows;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    String json() {
        var all = new LinkedHashMap<String, Object>();
        all.put("shape", "apart");
        all.put("supervisor", ProcessHandle.current().pid());
        all.put("processes", rows());
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }

    String text() {
        var rows = rows();
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-20s %8s %7s %-9s %8s  %s%n",
                "INSTANCE",
                "PID",
                "PORT",
                "HEALTH",
                "RESTARTS",
                "SHARDS"));
        for (var row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-20s %8s %7s %-9s %8s  %s%n",
                    row.instance(),
                    orDash(row.pid()),
                    orDash(row.port()),
                    row.health(),
                    row.restarts(),
                    row.trouble().isEmpty() ? ranges(row.shards()) : row.trouble()));
        }
        return text.toString().replaceAll(" +(?=\\R)", "");
    }

    private Row row(SupervisedInstance supervisedInstance) {
        var instance = supervisedInstance.instance();
        var state = supervisedInstance.state();
        var said = said(instance, state);
        return new Row(
                instance.component().id(),
                instance.toString(),
                supervisedInstance.processControl().pid().orElse(0),
                addresses.port(instance),
                addresses.clientPort(instance),
                state.name().toLowerCase(Locale.ROOT),
                supervisedInstance.restarts(),
                said.shards() == null ? List.of() : said.shards(),
                state == SupervisedInstance.State.UP || said.trouble() == null ? "" : said.trouble());
    }

    /** The part of a process's own status that is shown. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Said(
            @Nullable List<Integer> shards, @Nullable String trouble) {
        static final Said NOTHING = new Said(List.of(), null);
    }

    private Said said(Instance instance, SupervisedInstance.State state) {
        var alive = state == SupervisedInstance.State.UP || state == SupervisedInstance.State.STARTING;
        if (!instance.component().isService() || !alive) {
            return Said.NOTHING;
        }
        try {
            return Http.get(addresses.port(instance), "/_myelin/internal/status", secret)
                    .map(body -> JSON.readValue(body, Said.class))
                    .orElse(Said.NOTHING);
        } catch (JacksonException notOurs) {
            return Said.NOTHING;
        }
    }

    private static String orDash(long number) {
        return number == 0 ? "-" : Long.toString(number);
    }

    /** Such as {@code 0-3,7}. */
    static String ranges(List<Integer> numbers) {
        var text = new StringBuilder();
        var sorted = numbers.stream().sorted().toList();
        for (int i = 0; i < sorted.size(); ) {
            int end = i;
            while (end + 1 < sorted.size() && sorted.get(end + 1) == sorted.get(end) + 1) {
                end++;
            }
            text.append(text.isEmpty() ? "" : ",").append(sorted.get(i));
            if (end > i) {
                text.append('-').append(sorted.get(end));
            }
            i = end + 1;
        }
        return text.toString();
    }
}
