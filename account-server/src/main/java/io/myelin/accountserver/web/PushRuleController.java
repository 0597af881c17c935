package io.myelin.accountserver.web;

import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The rules that every user begins with, without which clients do not start. Client-server API, "Push Rules". */
@RestController
@RequestMapping({"/_matrix/client/v3/pushrules", "/_matrix/client/r0/pushrules"})
public class PushRuleController {
    private static final JsonString USER = new JsonString("[user]");

    private final JsonObject rules = read();

    @GetMapping({"", "/"})
    JsonObject all(Session session) {
        return JsonObject.of("global", global(session));
    }

    @GetMapping({"/global", "/global/"})
    Json global(Session session) {
        return forUser(rules, session.user());
    }

    private static Json forUser(Json rules, UserId user) {
        return switch (rules) {
            case JsonObject object -> {
                JsonObjectBuilder copy = JsonObject.builder();
                object.forEach((name, value) -> copy.put(name, forUser(value, user)));
                yield copy.build();
            }
            case JsonArray array ->
                new JsonArray(array.stream().map(value -> forUser(value, user)).toList());
            default -> rules.equals(USER) ? new JsonString(user.value()) : rules;
        };
    }

    private static JsonObject read() {
        try (var file = PushRuleController.class.getResourceAsStream("default-push-rules.json")) {
            return JsonParser.parseObject(Objects.requireNonNull(file).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
