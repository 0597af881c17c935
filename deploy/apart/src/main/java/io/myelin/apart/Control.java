package io.myelin.apart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.myelin.web.InternalListener;
import io.myelin.web.InternalSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisor's listener for the verbs of {@code ./myelin}: plain HTTP on 127.0.0.1, for callers that prove that they
 * can read the secret in {@code DATA/apart/control.secret}. {@code GET /status} and {@code /status.json}; {@code POST
 * /stop?room-server#1} (escaped), {@code /start}, {@code /kill}. The answers are text for a terminal.
 */
final class Control implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Control.class);
    private static final Duration START_PATIENCE = Duration.ofSeconds(120);
    private static final int DONE = 200;
    private static final int MISUSED = 400;
    private static final int NOT_FOUND = 404;
    private static final int FAILED = 500;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Supervisor supervisor;
    private final Plan plan;
    private final Status status;
    private final InternalListener listener;
    private final Runnable changed;

    /** @param changed runs after each verb that may have changed which instances are alive */
    Control(int port, String secret, Supervisor supervisor, Plan plan, Status status, Runnable changed)
            throws IOException {
        this.supervisor = supervisor;
        this.plan = plan;
        this.status = status;
        this.changed = changed;
        this.listener = new InternalListener(() -> port, secret);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private record Answer(int status, String text) {}

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = listener.admit(
                    exchange.getRequestHeaders().getFirst(InternalSecret.REQUEST),
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString());
            var answer = request == null ? new Answer(NOT_FOUND, "") : answer(exchange);
            var body = answer.text().getBytes(StandardCharsets.UTF_8);
            if (request != null) {
                exchange.getResponseHeaders()
                        .set(InternalSecret.ANSWER, listener.prove(request, answer.status(), null, body));
            }
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answer answer(HttpExchange exchange) {
        var request =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        try {
            return switch (request) {
                case "GET /status" -> new Answer(DONE, status.text());
                case "GET /status.json" -> new Answer(DONE, status.json());
                case "POST /stop" -> act(exchange, SupervisedInstance::stop, "stopped");
                case "POST /kill" -> act(exchange, SupervisedInstance::kill, "killed");
                case "POST /start" -> start(exchange);
                default -> new Answer(NOT_FOUND, "There is no " + request + ".\n");
            };
        } catch (UsageError e) {
            return new Answer(MISUSED, e.getMessage() + "\n");
        } catch (RuntimeException e) {
            log.error("{} has failed", request, e);
            return new Answer(FAILED, e.getMessage() + "\n");
        }
    }

    /** The instances are handled one after the other, so that another instance can take over from the first. */
    private Answer act(HttpExchange exchange, Consumer<SupervisedInstance> what, String done) {
        var text = new StringBuilder();
        for (var supervisedInstance : selected(exchange)) {
            log.info("{} is to be {}", supervisedInstance.instance(), done);
            what.accept(supervisedInstance);
            text.append(supervisedInstance.instance())
                    .append(" is ")
                    .append(done)
                    .append(".\n");
        }
        changed.run();
        return new Answer(DONE, text.toString());
    }

    private Answer start(HttpExchange exchange) {
        var supervisedInstances = query(exchange).isEmpty()
                ? supervisor.supervisedInstances().stream()
                        .filter(supervisedInstance -> !supervisedInstance.isWanted())
                        .toList()
                : selected(exchange);
        if (supervisedInstances.isEmpty()) {
            return new Answer(DONE, "Nothing was stopped.\n");
        }
        log.info(
                "To be started: {}",
                supervisedInstances.stream().map(SupervisedInstance::instance).toList());
        var late = supervisor.startAgain(supervisedInstances, START_PATIENCE);
        changed.run();
        var text = supervisedInstances.stream()
                .map(supervisedInstance -> supervisedInstance.instance()
                        + (late.contains(supervisedInstance)
                                ? " has started, and is not ready after " + START_PATIENCE.toSeconds()
                                        + " s: see ./myelin status and ./myelin logs " + supervisedInstance.instance()
                                        + "\n"
                                : " is up.\n"))
                .collect(Collectors.joining());
        return new Answer(late.isEmpty() ? DONE : FAILED, text);
    }

    private List<SupervisedInstance> selected(HttpExchange exchange) {
        return supervisor.supervisedInstances(plan.selected(query(exchange)));
    }

    private static String query(HttpExchange exchange) {
        var query = exchange.getRequestURI().getRawQuery();
        return query == null ? "" : URLDecoder.decode(query, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
