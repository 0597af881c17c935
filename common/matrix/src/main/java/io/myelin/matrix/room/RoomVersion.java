package io.myelin.matrix.room;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A room version: everything in which one differs from another.
 *
 * @param id as in {@code content.room_version} of the create event
 */
public record RoomVersion(
        String id,
        EventFormat eventFormat,
        RedactionRules redactionRules,
        PowerLevelDefaults defaultPowerLevels,
        ResolutionAlgorithm resolutionAlgorithm,
        Set<RoomRule> rules) {

    public boolean has(RoomRule rule) {
        return rules.contains(rule);
    }

    public boolean knock() {
        return has(RoomRule.KNOCK);
    }

    public boolean restricted() {
        return has(RoomRule.RESTRICTED_JOINS);
    }

    public boolean knockRestricted() {
        return has(RoomRule.KNOCK_RESTRICTED_JOINS);
    }

    public boolean integerPowerLevelsStrict() {
        return has(RoomRule.INTEGER_POWER_LEVELS);
    }

    public boolean creatorInContent() {
        return has(RoomRule.CREATOR_IN_CONTENT);
    }

    public boolean createInAuthEvents() {
        return has(RoomRule.CREATE_IN_AUTH_EVENTS);
    }

    public boolean roomIdIsCreateEventHash() {
        return has(RoomRule.ROOM_ID_IS_CREATE_EVENT_HASH);
    }

    public boolean creatorsHaveInfinitePower() {
        return has(RoomRule.INFINITE_POWER_CREATORS);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoomVersion that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id;
    }
}
