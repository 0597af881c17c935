package io.myelin.federationsend.web;

import io.myelin.federationsend.transport.keys.Notary;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The keys of other servers, signed by us. Anybody may ask, and each name may cost us a request to a server that does not
 * answer. So the names that one address may ask for are limited, and so are the requests for keys at any time.
 * Server-server API, "Querying Keys Through Another Server".
 */
@RestController
@RequestMapping("/_matrix/key/v2/query")
public class NotaryController {
    /** Each server may cost us a request. */
    private static final int MAX_SERVERS = 50;

    /** Half of the look-up threads, so that the other half is free for requests of servers that talk to us. */
    private static final int AT_ONCE = 16;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Notary notary;
    private final AttemptLimit names;
    private final Semaphore atOnce = new Semaphore(AT_ONCE);
    private final InstantSource clock;

    /** @param names how many names an address may ask for */
    public NotaryController(Notary notary, AttemptLimit names, InstantSource clock) {
        this.notary = notary;
        this.names = names;
        this.clock = clock;
    }

    @GetMapping("/{serverName}")
    JsonObject query(
            ClientAddress client,
            @PathVariable ServerName serverName,
            @RequestParam(name = "minimum_valid_until_ts", required = false) @Nullable Long wanted) {
        Instant until = wanted == null ? clock.instant() : Instant.ofEpochMilli(wanted);
        names.attempt(client.network());
        return answer(signedKeys(serverName, until).stream().toList());
    }

    /** Asks all servers at the same time. */
    @PostMapping
    JsonObject query(ClientAddress client, JsonObject body) {
        Map<ServerName, Instant> questions = questions(RequestFields.of(body));
        questions.keySet().forEach(_ -> names.attempt(client.network()));
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = questions.entrySet().stream()
                    .map(question -> CompletableFuture.supplyAsync(
                            () -> signedKeys(question.getKey(), question.getValue()), executor))
                    .toList();
            return answer(answers.stream()
                    .map(CompletableFuture::join)
                    .flatMap(Optional::stream)
                    .toList());
        }
    }

    /** Answers from the cache if too many servers are being asked already. */
    private Optional<JsonObject> signedKeys(ServerName server, Instant until) {
        if (!notary.mustAsk(server, until)) {
            return notary.signedKeys(server, until);
        }
        try {
            if (!atOnce.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return notary.knownKeys(server);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return notary.signedKeys(server, until);
        } finally {
            atOnce.release();
        }
    }

    private Map<ServerName, Instant> questions(RequestFields body) {
        JsonObject servers = body.object("server_keys");
        if (servers == null) {
            throw new MatrixException(400, "M_MISSING_PARAM", "'server_keys' is missing.");
        }
        if (servers.size() > MAX_SERVERS) {
            throw new MatrixException(400, "M_INVALID_PARAM", "Ask for " + MAX_SERVERS + " servers at most.");
        }
        Map<ServerName, Instant> questions = new HashMap<>();
        servers.forEach((name, criteria) -> questions.put(ServerName.parse(name), latest(criteria)));
        return questions;
    }

    /** The latest time in the criteria for single keys, since all keys are fetched together. */
    private Instant latest(Json criteria) {
        Instant now = clock.instant();
        if (!(criteria instanceof JsonObject keys)) {
            return now;
        }
        List<Instant> times = new ArrayList<>();
        keys.forEach((_, criterion) -> {
            if (criterion instanceof JsonObject fields
                    && fields.get("minimum_valid_until_ts") instanceof JsonNumber(long millis)) {
                times.add(Instant.ofEpochMilli(millis));
            }
        });
        return times.stream().max(Instant::compareTo).orElse(now);
    }

    private static JsonObject answer(List<JsonObject> keys) {
        return JsonObject.of("server_keys", new JsonArray(List.copyOf(keys)));
    }
}
