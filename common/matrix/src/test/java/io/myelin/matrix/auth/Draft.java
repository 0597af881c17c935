package io.myelin.matrix.auth;

import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a user sends, before a room makes an event of it. */
public record Draft(UserId sender, String type, @Nullable String stateKey, JsonObject content) {
    public Draft withContent(String name, String value) {
        return withContent(name, Json.of(value));
    }

    public Draft withContent(String name, Json value) {
        return new Draft(sender, type, stateKey, content.with(name, value));
    }

    public Draft withContent(JsonObject newContent) {
        return new Draft(sender, type, stateKey, newContent);
    }

    public Draft withStateKey(@Nullable String newStateKey) {
        return new Draft(sender, type, newStateKey, content);
    }
}
