package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.RuleNumber.rejected;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rule 10: the valid content of {@code m.room.power_levels}, and which user may change which level to what. */
final class PowerLevelsRules {
    private static final List<String> LEVELS =
            List.of("users_default", "events_default", "state_default", "ban", "redact", "kick", "invite");
    private static final String EVENTS = "events";
    private static final String NOTIFICATIONS = "notifications";
    private static final String USERS = "users";

    private final Pdu event;
    private final Pdu create;
    private final @Nullable Pdu current;
    private final UserId sender;
    private final long senderLevel;

    PowerLevelsRules(Pdu event, Pdu create, @Nullable Pdu current, PowerLevels levels) {
        this.event = event;
        this.create = create;
        this.current = current;
        this.sender = event.sender();
        this.senderLevel = levels.user(event.sender());
    }

    AuthResult check() {
        AuthResult shape = shape(event.content());
        if (!shape.isAllowed() || current == null) {
            return shape; // 10.5
        }
        AuthResult levels = levels(current.content(), event.content());
        if (!levels.isAllowed()) {
            return levels;
        }
        List<String> maps = event.version().guardsNotifications() ? List.of(EVENTS, NOTIFICATIONS) : List.of(EVENTS);
        for (String map : maps) {
            AuthResult entries = entries(map, map(current.content(), map), map(event.content(), map));
            if (!entries.isAllowed()) {
                return entries;
            }
        }
        return users(map(current.content(), USERS), map(event.content(), USERS));
    }

    /** 10.1 to 10.4. */
    private AuthResult shape(JsonObject content) {
        if (event.version().integerPowerLevelsStrict()) {
            for (String level : LEVELS) {
                if (content.has(level) && read(content.get(level)).isEmpty()) {
                    return rejected(event, "10.1", "The level '" + level + "' must be an integer.");
                }
            }
            for (String map : List.of(EVENTS, NOTIFICATIONS)) {
                if (content.has(map) && !hasLevelsOnly(content.get(map), _ -> true)) {
                    return rejected(event, "10.2", "'" + map + "' must be an object of integers.");
                }
            }
        }
        if (content.has(USERS)
                && !hasLevelsOnly(
                        content.get(USERS), name -> UserId.tryParse(name).isPresent())) {
            return rejected(event, "10.3", "'users' must be an object of user IDs and integers.");
        }
        if (event.version().creatorsHaveInfinitePower()) {
            JsonObject users = map(content, USERS);
            for (UserId creator : Creators.all(create)) {
                if (users.has(creator.value())) {
                    return rejected(event, "10.4", "The power of creator " + creator + " cannot be set.");
                }
            }
        }
        return AuthResult.allowed();
    }

    /** 10.6. */
    private AuthResult levels(JsonObject before, JsonObject after) {
        for (String level : LEVELS) {
            if (isSame(before.get(level), after.get(level))) {
                continue;
            }
            if (isAbove(before.get(level))) {
                return rejected(event, "10.6.1", "The level '" + level + "' is above your own.");
            }
            if (cannotBeSet(after.get(level))) {
                return rejected(event, "10.6.2", "The level '" + level + "' cannot be set above your own.");
            }
        }
        return AuthResult.allowed();
    }

    /** 10.7 and 10.8. */
    private AuthResult entries(String map, JsonObject before, JsonObject after) {
        for (String key : changedKeys(before, after)) {
            if (isAbove(before.get(key))) {
                return rejected(event, "10.7.1", "The level of '" + key + "' in '" + map + "' is above your own.");
            }
            if (cannotBeSet(after.get(key))) {
                return rejected(
                        event, "10.8.1", "The level of '" + key + "' in '" + map + "' cannot be set above your own.");
            }
        }
        return AuthResult.allowed();
    }

    /** 10.9 and 10.10. */
    private AuthResult users(JsonObject before, JsonObject after) {
        for (String user : changedKeys(before, after)) {
            boolean isSender = user.equals(sender.value());
            if (!isSender && isAtLeast(before.get(user), senderLevel)) {
                return rejected(event, "10.9.1", "The level of " + user + " is not below your own.");
            }
            if (cannotBeSet(after.get(user))) {
                return rejected(event, "10.10.1", "The level of " + user + " cannot be set above your own.");
            }
        }
        return AuthResult.allowed(); // 10.11
    }

    private boolean isAbove(@Nullable Json value) {
        OptionalLong level = read(value);
        return level.isPresent() && level.getAsLong() > senderLevel;
    }

    private boolean isAtLeast(@Nullable Json value, long least) {
        OptionalLong level = read(value);
        return level.isPresent() && level.getAsLong() >= least;
    }

    /**
     * Whether the value is above the sender's own level, or not a level at all. Versions up to 9 have no rule for an
     * unreadable level, and other servers reject such a change.
     */
    private boolean cannotBeSet(@Nullable Json value) {
        return isAbove(value) || (value != null && read(value).isEmpty());
    }

    private Set<String> changedKeys(JsonObject before, JsonObject after) {
        Set<String> changed = new LinkedHashSet<>();
        before.forEach((key, value) -> {
            if (!isSame(value, after.get(key))) {
                changed.add(key);
            }
        });
        after.forEach((key, _) -> {
            if (!before.has(key)) {
                changed.add(key);
            }
        });
        return changed;
    }

    /** Whether the two are the same level, even if written differently. */
    private boolean isSame(@Nullable Json before, @Nullable Json after) {
        return Objects.equals(before, after)
                || (read(before).isPresent() && read(before).equals(read(after)));
    }

    private boolean hasLevelsOnly(@Nullable Json value, Predicate<String> isName) {
        return value instanceof JsonObject object
                && object.names().stream()
                        .allMatch(name ->
                                isName.test(name) && read(object.get(name)).isPresent());
    }

    private OptionalLong read(@Nullable Json value) {
        return PowerLevel.read(event.version(), value);
    }

    private static JsonObject map(JsonObject content, String name) {
        return content.object(name).orElse(JsonObject.EMPTY);
    }
}
