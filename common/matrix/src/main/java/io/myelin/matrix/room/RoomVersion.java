package io.myelin.matrix.room;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A room version, with everything in which versions differ.
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

    /** Whether {@code m.room.aliases} has an authorisation rule of its own. */
    public boolean aliasesOfServers() {
        return has(RoomRule.ALIASES_OF_SERVERS);
    }

    public boolean redactionsNeedPower() {
        return has(RoomRule.REDACTIONS_NEED_POWER);
    }

    public boolean keysExpire() {
        return has(RoomRule.KEYS_EXPIRE);
    }

    public boolean guardsNotifications() {
        return has(RoomRule.GUARDED_NOTIFICATIONS);
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

    /** A version with the same properties as this one. */
    RoomVersion next(String nextId) {
        return new RoomVersion(nextId, eventFormat, redactionRules, defaultPowerLevels, resolutionAlgorithm, rules);
    }

    RoomVersion with(EventFormat changed) {
        return new RoomVersion(id, changed, redactionRules, defaultPowerLevels, resolutionAlgorithm, rules);
    }

    RoomVersion with(RedactionRules changed) {
        return new RoomVersion(id, eventFormat, changed, defaultPowerLevels, resolutionAlgorithm, rules);
    }

    RoomVersion with(ResolutionAlgorithm changed) {
        return new RoomVersion(id, eventFormat, redactionRules, defaultPowerLevels, changed, rules);
    }

    RoomVersion with(RoomRule... added) {
        Set<RoomRule> more = EnumSet.copyOf(rules);
        more.addAll(List.of(added));
        return new RoomVersion(
                id, eventFormat, redactionRules, defaultPowerLevels, resolutionAlgorithm, Set.copyOf(more));
    }

    RoomVersion without(RoomRule removed) {
        Set<RoomRule> fewer = EnumSet.copyOf(rules);
        fewer.remove(removed);
        return new RoomVersion(
                id, eventFormat, redactionRules, defaultPowerLevels, resolutionAlgorithm, Set.copyOf(fewer));
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
