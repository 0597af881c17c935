package io.myelin.matrix.room;

/**
 * The levels that hold where {@code m.room.power_levels} says nothing, or is not there.
 *
 * @param creatorWithoutEvent the creator's level while the room has no {@code m.room.power_levels}; of no meaning in
 *     versions where creators stand above all levels
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
