package io.myelin.matrix.room;

import static io.myelin.matrix.room.PowerLevelDefaults.ALL_VERSIONS;
import static io.myelin.matrix.room.RoomRule.CREATE_IN_AUTH_EVENTS;
import static io.myelin.matrix.room.RoomRule.CREATOR_IN_CONTENT;
import static io.myelin.matrix.room.RoomRule.INFINITE_POWER_CREATORS;
import static io.myelin.matrix.room.RoomRule.INTEGER_POWER_LEVELS;
import static io.myelin.matrix.room.RoomRule.KNOCK;
import static io.myelin.matrix.room.RoomRule.KNOCK_RESTRICTED_JOINS;
import static io.myelin.matrix.room.RoomRule.RESTRICTED_JOINS;
import static io.myelin.matrix.room.RoomRule.ROOM_ID_IS_CREATE_EVENT_HASH;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The room versions that this server knows. */
public final class RoomVersions {
    public static final RoomVersion V10 = new RoomVersion(
            "10",
            EventFormat.V6,
            RedactionRules.V9,
            ALL_VERSIONS,
            ResolutionAlgorithm.V2,
            Set.of(
                    KNOCK,
                    RESTRICTED_JOINS,
                    KNOCK_RESTRICTED_JOINS,
                    INTEGER_POWER_LEVELS,
                    CREATOR_IN_CONTENT,
                    CREATE_IN_AUTH_EVENTS));

    public static final RoomVersion V11 = new RoomVersion(
            "11",
            EventFormat.V11,
            RedactionRules.V11,
            ALL_VERSIONS,
            ResolutionAlgorithm.V2,
            Set.of(KNOCK, RESTRICTED_JOINS, KNOCK_RESTRICTED_JOINS, INTEGER_POWER_LEVELS, CREATE_IN_AUTH_EVENTS));

    public static final RoomVersion V12 = new RoomVersion(
            "12",
            EventFormat.V12,
            RedactionRules.V11,
            ALL_VERSIONS,
            ResolutionAlgorithm.V2_1,
            Set.of(
                    KNOCK,
                    RESTRICTED_JOINS,
                    KNOCK_RESTRICTED_JOINS,
                    INTEGER_POWER_LEVELS,
                    ROOM_ID_IS_CREATE_EVENT_HASH,
                    INFINITE_POWER_CREATORS));

    /** The version of a new room whose creator asks for none. */
    public static final RoomVersion DEFAULT = V12;

    private static final List<RoomVersion> SUPPORTED = List.of(V10, V11, V12);

    private RoomVersions() {}

    public static Optional<RoomVersion> find(String id) {
        for (RoomVersion version : SUPPORTED) {
            if (version.id().equals(id)) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }

    /** All of them, oldest first; every one of them is stable. */
    public static List<RoomVersion> supported() {
        return SUPPORTED;
    }
}
