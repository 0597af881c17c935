package io.myelin.federationsend.web;

import io.myelin.federationsend.transport.keys.Notary;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The keys of other servers, with our word for them. Server-server API, "Querying Keys Through Another Server". */
@RestController
@RequestMapping("/_matrix/key/v2/query")
public class NotaryController {
    /** Each may cost us a request. */
    private static final int MAX_SERVERS = 50;

    private final Notary notary;
    private final InstantSource clock;

    public NotaryController(Notary notary, InstantSource clock) {
        this.notary = notary;
        this.clock = clock;
    }

    @GetMapping("/{serverName}")
    JsonObject query(
            @PathVariable ServerName serverName,
            @RequestParam(name = "minimum_valid_until_ts", required = false) @Nullable Long wanted) {
        Instant until = wanted == null ? clock.instant() : Instant.ofEpochMilli(wanted);
        return answer(notary.signedKeys(serverName, until).stream().toList());
    }

    /** Asks all of them at once. */
    @PostMapping
    JsonObject query(JsonObject body) {
        Map<ServerName, Instant> questions = questions(RequestFields.of(body));
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = questions.entrySet().stream()
                    .map(question -> CompletableFuture.supplyAsync(
                            () -> notary.signedKeys(question.getKey(), question.getValue()), executor))
                    .toList();
            return answer(answers.stream()
                    .map(CompletableFuture::join)
                    .flatMap(Optional::stream)
                    .toList());
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

    /** The latest of the times that the criteria for single keys say: all keys come together. */
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
