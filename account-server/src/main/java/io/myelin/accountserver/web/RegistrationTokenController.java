package io.myelin.accountserver.web;

import io.myelin.accountserver.registration.RegistrationToken;
import io.myelin.accountserver.registration.RegistrationTokens;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lets administrators make registration tokens. Paths and shapes are those of Synapse's admin API. */
@RestController
@RequestMapping("/_synapse/admin/v1/registration_tokens")
public class RegistrationTokenController {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~-]{1,64}");
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";
    private static final int USUAL_LENGTH = 16;
    private static final int MAX_LENGTH = 64;

    private final RegistrationTokens tokens;
    private final InstantSource clock;
    private final RandomGenerator random;

    public RegistrationTokenController(RegistrationTokens tokens, InstantSource clock, RandomGenerator random) {
        this.tokens = tokens;
        this.clock = clock;
        this.random = random;
    }

    @GetMapping
    JsonObject all(Session session, @RequestParam(required = false) @Nullable Boolean valid) {
        Commands.requireAdministrator(session);
        long now = clock.millis();
        return JsonObject.of(
                "registration_tokens",
                new JsonArray(tokens.all(now).stream()
                        .filter(token -> valid == null || token.isUsable(now) == valid)
                        .<Json>map(RegistrationTokenController::json)
                        .toList()));
    }

    @GetMapping("/{token}")
    JsonObject one(Session session, @PathVariable String token) {
        Commands.requireAdministrator(session);
        return json(find(token));
    }

    @PostMapping("/new")
    JsonObject make(Session session, @Body(optional = true) JsonObject body) {
        Commands.requireAdministrator(session);
        RequestFields request = RequestFields.of(body);
        String token = request.string("token");
        if (token == null) {
            long length = request.integer("length", USUAL_LENGTH);
            if (length < 1 || length > MAX_LENGTH) {
                throw request.refused("length", "must be 1 to " + MAX_LENGTH);
            }
            token = generate((int) length);
        } else if (!TOKEN.matcher(token).matches()) {
            throw request.refused("token", "must have 1 to 64 characters of A-Z, a-z, 0-9, '.', '_', '~' and '-'");
        }
        Integer uses = uses(request);
        Long expiresAt = expiry(request);
        if (tokens.count() >= RegistrationTokens.MOST) {
            throw new MatrixException(
                    MatrixError.invalidParam("There are at most " + RegistrationTokens.MOST + " tokens."));
        }
        if (!tokens.insert(token, uses, expiresAt)) {
            throw new MatrixException(MatrixError.invalidParam("There is such a token already."));
        }
        return json(find(token));
    }

    @PutMapping("/{token}")
    JsonObject change(Session session, @PathVariable String token, JsonObject body) {
        Commands.requireAdministrator(session);
        RequestFields request = RequestFields.of(body);
        RegistrationToken before = find(token);
        Integer uses = body.has("uses_allowed") ? uses(request) : before.usesAllowed();
        Long expiresAt = body.has("expiry_time") ? expiry(request) : before.expiresAt();
        if (!tokens.update(token, uses, expiresAt)) {
            throw notFound();
        }
        return json(find(token));
    }

    @DeleteMapping("/{token}")
    JsonObject delete(Session session, @PathVariable String token) {
        Commands.requireAdministrator(session);
        if (!tokens.delete(token)) {
            throw notFound();
        }
        return JsonObject.EMPTY;
    }

    private RegistrationToken find(String token) {
        return tokens.find(token, clock.millis()).orElseThrow(RegistrationTokenController::notFound);
    }

    private static MatrixException notFound() {
        return new MatrixException(MatrixError.notFound("There is no such registration token."));
    }

    private static @Nullable Integer uses(RequestFields request) {
        Long uses = request.integer("uses_allowed");
        if (uses != null && (uses < 0 || uses > Integer.MAX_VALUE)) {
            throw request.refused("uses_allowed", "must be a number of registrations");
        }
        return uses == null ? null : uses.intValue();
    }

    private @Nullable Long expiry(RequestFields request) {
        Long expiresAt = request.integer("expiry_time");
        if (expiresAt != null && expiresAt < clock.millis()) {
            throw request.refused("expiry_time", "must not be past");
        }
        return expiresAt;
    }

    private String generate(int length) {
        StringBuilder token = new StringBuilder();
        for (int i = 0; i < length; i++) {
            token.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return token.toString();
    }

    private static JsonObject json(RegistrationToken token) {
        Integer uses = token.usesAllowed();
        Long expiresAt = token.expiresAt();
        return JsonObject.builder()
                .put("token", token.token())
                .put("uses_allowed", uses == null ? JsonNull.NULL : new JsonNumber(uses))
                .put("pending", token.pending())
                .put("completed", token.completed())
                .put("expiry_time", expiresAt == null ? JsonNull.NULL : new JsonNumber(expiresAt))
                .build();
    }
}
