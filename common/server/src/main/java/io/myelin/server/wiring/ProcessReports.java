package io.myelin.server.wiring;

import io.myelin.server.observability.Components;
import io.myelin.web.InternalSecret;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks every process for its report and combines the reports into a {@link WiringSnapshot}, at most once a second, however
 * many browsers show it. A process that does not answer within a second is shown as down, under the name that it last
 * had.
 */
final class ProcessReports implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long MAX_AGE_NANOS = Duration.ofMillis(800).toNanos();

    private record Drawn(WiringSnapshot snapshot, long nanoTime) {}

    /** The report of the process at one address; null if it did not answer. */
    private record Said(
            String component, URI address, @Nullable ProcessReport report) {}

    private final Supplier<ProcessReport> self;
    private final String server;
    private final Map<String, List<URI>> addresses;
    private final InternalSecret secret;
    private final Map<URI, String> names = new ConcurrentHashMap<>();
    private @Nullable Drawn last;

    /**
     * Created when there is a process to ask: creating it takes a tenth of a second, which would lengthen the start.
     */
    private @Nullable HttpClient http;

    /**
     * @param self this process's own report
     * @param addresses the internal listeners of all processes, by component; empty if this is the only process
     * @param secret the secret that all processes share
     */
    ProcessReports(Supplier<ProcessReport> self, String server, Map<String, List<URI>> addresses, String secret) {
        this.self = self;
        this.server = server;
        this.addresses = addresses;
        this.secret = new InternalSecret(secret);
    }

    synchronized WiringSnapshot snapshot() {
        Drawn drawn = last;
        if (drawn == null || System.nanoTime() - drawn.nanoTime() > MAX_AGE_NANOS) {
            drawn = new Drawn(draw(), System.nanoTime());
            last = drawn;
        }
        return drawn.snapshot();
    }

    private WiringSnapshot draw() {
        List<CompletableFuture<Said>> asked = new ArrayList<>();
        addresses.forEach((component, uris) -> uris.forEach(uri -> asked.add(ask(component, uri))));
        // By instance, since this process is in the lists too, and an address may lead to several.
        Map<String, ProcessReport> reports = new LinkedHashMap<>();
        Map<String, List<String>> silent = new LinkedHashMap<>();
        ProcessReport own = self.get();
        reports.put(key(own), own);
        for (CompletableFuture<Said> future : asked) {
            Said said = future.join();
            ProcessReport report = said.report();
            if (report == null) {
                silent.computeIfAbsent(said.component(), none -> new ArrayList<>())
                        .add(names.getOrDefault(said.address(), said.address().getAuthority()));
            } else {
                names.put(said.address(), report.instance());
                reports.putIfAbsent(key(report), report);
            }
        }
        return new WiringMerge(Components.drawn(), List.copyOf(reports.values()), silent)
                .snapshot(System.currentTimeMillis(), server);
    }

    private static String key(ProcessReport report) {
        return report.instance() + " " + report.pid() + " " + report.startedAt();
    }

    private CompletableFuture<Said> ask(String component, URI address) {
        URI report = URI.create(withoutSlash(address) + ReportController.PATH);
        InternalSecret.Proof proof = secret.prove("GET", report, new byte[0]);
        HttpRequest request = HttpRequest.newBuilder(report)
                .timeout(PATIENCE)
                .header(InternalSecret.REQUEST, proof.header())
                .build();
        return client().sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .handle((response, failure) -> new Said(
                        component,
                        address,
                        failure == null ? read(proof, response).orElse(null) : null));
    }

    private HttpClient client() {
        HttpClient client = http;
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();
            http = client;
        }
        return client;
    }

    private static String withoutSlash(URI address) {
        String text = address.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private Optional<ProcessReport> read(InternalSecret.Proof asked, HttpResponse<byte[]> response) {
        String given = response.headers().firstValue(InternalSecret.ANSWER).orElse(null);
        if (response.statusCode() != 200 || !secret.isAnswer(asked, 200, null, response.body(), given)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonMapper.shared().readValue(response.body(), ProcessReport.class));
        } catch (JacksonException anotherVersion) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void close() {
        if (http != null) {
            http.close();
        }
    }
}
