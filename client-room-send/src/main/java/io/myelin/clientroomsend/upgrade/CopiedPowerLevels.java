package io.myelin.clientroomsend.upgrade;

import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.matrix.auth.Creators;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The power levels that a replacement room takes over.
 *
 * @param atCreation the levels that the room is created with: the user who upgrades it may have only enough power to end the old
 *     room, but needs enough to set the new room's state and to ban
 * @param afterwards the levels from then on; mostly the same
 */
record CopiedPowerLevels(JsonObject atCreation, JsonObject afterwards) {
    private static final long ADMIN = 100;
    /** Above every level that a member has by default. */
    private static final long ABOVE_ADMIN = 150;

    /**
     * The replacement's power levels, based on those of the room; empty if the room has no power levels.
     *
     * @param user the user who upgrades the room
     * @param creators of the replacement, the user among them
     * @param types of the state that is set
     */
    static Optional<CopiedPowerLevels> of(
            RoomState room, RoomVersion version, UserId user, Set<UserId> creators, Collection<String> types) {
        return NormalisedPowerLevels.of(room).map(old -> {
            if (version.creatorsHaveInfinitePower()) {
                JsonObject levels = withGuardedTombstone(withoutUsers(old.content(), creators), old.levels());
                return new CopiedPowerLevels(levels, levels);
            }
            JsonObject lasting = withCreators(old.content(), room.create());
            long needed = Math.min(needed(old.levels(), types), JsonNumber.MAX);
            JsonObject users = users(lasting);
            boolean isEnough = users.integer(user.value()).orElse(old.levels().usersDefault()) >= needed;
            return new CopiedPowerLevels(
                    isEnough ? lasting : lasting.with("users", users.with(user.value(), needed)), lasting);
        });
    }

    private static long needed(PowerLevels levels, Collection<String> types) {
        return Stream.concat(types.stream(), Stream.of(EventTypes.POWER_LEVELS, EventTypes.CANONICAL_ALIAS))
                .mapToLong(type -> levels.required(type, true))
                .reduce(levels.ban(), Math::max);
    }

    /** Removes the creators, since a room version in which creators have infinite power does not allow levels for them. */
    private static JsonObject withoutUsers(JsonObject content, Set<UserId> creators) {
        JsonObject users = users(content);
        for (UserId creator : creators) {
            users = users.without(creator.value());
        }
        return content.has("users") ? content.with("users", users) : content;
    }

    /**
     * Makes sending a tombstone require more than setting other state, if creators have infinite power. Client-server API,
     * {@code m.room.power_levels}.
     */
    private static JsonObject withGuardedTombstone(JsonObject content, PowerLevels levels) {
        long state = levels.stateDefault();
        if (levels.required(EventTypes.TOMBSTONE, true) > state) {
            return content;
        }
        JsonObject events = content.object("events").orElse(JsonObject.EMPTY);
        long guarded = Math.min(Math.max(ABOVE_ADMIN, state + 1), JsonNumber.MAX);
        return content.with("events", events.with(EventTypes.TOMBSTONE, guarded));
    }

    /**
     * Gives creators who had infinite power the highest level that the content mentions, for a version without such power.
     */
    private static JsonObject withCreators(JsonObject content, Pdu create) {
        if (!create.version().creatorsHaveInfinitePower()) {
            return content;
        }
        long highest = Stream.of(
                        content, users(content), content.object("events").orElse(JsonObject.EMPTY))
                .flatMapToLong(CopiedPowerLevels::numbers)
                .reduce(ADMIN, Math::max);
        JsonObject users = users(content);
        for (UserId creator : Creators.all(create)) {
            users = users.with(creator.value(), highest);
        }
        return content.with("users", users);
    }

    private static LongStream numbers(JsonObject levels) {
        return levels.names().stream().mapToLong(name -> levels.integer(name).orElse(0));
    }

    private static JsonObject users(JsonObject content) {
        return content.object("users").orElse(JsonObject.EMPTY);
    }
}
