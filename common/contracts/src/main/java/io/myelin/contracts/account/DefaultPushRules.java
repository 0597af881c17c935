package io.myelin.contracts.account;

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

/** The rules that every user begins with. Client-server API, "Predefined Rules". */
public final class DefaultPushRules {
    private static final JsonString USER = new JsonString("[user]");

    private final JsonObject rules = read();

    /** The user's rules, as the content of {@code m.push_rules}. */
    public JsonObject of(UserId user) {
        return JsonObject.of("global", forUser(rules, user));
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
        try (var file = DefaultPushRules.class.getResourceAsStream("default-push-rules.json")) {
            return JsonParser.parseObject(Objects.requireNonNull(file).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
