package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * The content of a room's {@code m.room.power_levels} in a form that can be sent today: every level is an integer, with the
 * value that the room's version reads there. Room versions up to 9 also allow strings.
 */
record NormalisedPowerLevels(JsonObject content, PowerLevels levels) {
    private static final Map<String, ToLongFunction<PowerLevels>> LEVELS = Map.of(
            "users_default", PowerLevels::usersDefault,
            "events_default", PowerLevels::eventsDefault,
            "state_default", PowerLevels::stateDefault,
            "ban", PowerLevels::ban,
            "kick", PowerLevels::kick,
            "redact", PowerLevels::redact,
            "invite", PowerLevels::invite);

    /** A level that ordinary members do not have. */
    private static final long MODERATOR = 50;

    /** Empty if the room has no such event. */
    static Optional<NormalisedPowerLevels> of(RoomState room) {
        return room.get(EventTypes.POWER_LEVELS, "") == null
                ? Optional.empty()
                : Optional.of(new NormalisedPowerLevels(legible(room), room.powerLevels()));
    }

    /**
     * The content that keeps ordinary members from sending messages and inviting; empty if they already cannot.
     * Client-server API, "Room Upgrades", server behaviour, 6.
     */
    Optional<JsonObject> restricted() {
        long least = Math.max(MODERATOR, levels.usersDefault() + 1);
        if (levels.eventsDefault() >= least && levels.invite() >= least) {
            return Optional.empty();
        }
        return Optional.of(content.with("events_default", number(Math.max(levels.eventsDefault(), least)))
                .with("invite", number(Math.max(levels.invite(), least))));
    }

    private static JsonObject legible(RoomState room) {
        PowerLevels levels = room.powerLevels();
        JsonObject content = room.content(EventTypes.POWER_LEVELS);
        JsonObject legible = content;
        for (Map.Entry<String, ToLongFunction<PowerLevels>> level : LEVELS.entrySet()) {
            if (content.has(level.getKey())) {
                legible = legible.with(level.getKey(), number(level.getValue().applyAsLong(levels)));
            }
        }
        legible = withMap(legible, "events", _ -> true, type -> levels.required(type, true));
        legible = withMap(legible, "notifications", _ -> true, levels::notification);
        return withMap(
                legible, "users", name -> UserId.tryParse(name).isPresent(), name -> levels.user(new UserId(name)));
    }

    private static JsonObject withMap(
            JsonObject content, String map, Predicate<String> isName, ToLongFunction<String> level) {
        if (!content.has(map)) {
            return content;
        }
        JsonObjectBuilder entries = JsonObject.builder();
        content.object(map).orElse(JsonObject.EMPTY).names().stream()
                .filter(isName)
                .forEach(name -> entries.put(name, number(level.applyAsLong(name))));
        return content.with(map, entries.build());
    }

    private static Json number(long level) {
        return new JsonNumber(Math.clamp(level, -JsonNumber.MAX, JsonNumber.MAX));
    }
}
