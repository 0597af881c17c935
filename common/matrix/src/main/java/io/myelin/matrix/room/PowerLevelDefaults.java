package io.myelin.matrix.room;

/**
 * The levels that apply if {@code m.room.power_levels} does not state them, or does not exist.
 *
 * @param creatorWithoutEvent the creator's level while the room has no {@code m.room.power_levels}; unused in versions
 *     where creators are above all levels
 */
public record PowerLevelDefaults(
        long users,
        long events,
        long state,
        long ban,
        long kick,
        long redact,
        long invite,
        long notifications,
        long creatorWithoutEvent) {
    /** The same in all versions so far. Client-server API, {@code m.room.power_levels}. */
    public static final PowerLevelDefaults ALL_VERSIONS = new PowerLevelDefaults(0, 0, 50, 50, 50, 50, 0, 50, 100);
}
