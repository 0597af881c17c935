package io.myelin.matrix.room;

import static io.myelin.matrix.room.PowerLevelDefaults.ALL_VERSIONS;
import static io.myelin.matrix.room.RoomRule.ALIASES_OF_SERVERS;
import static io.myelin.matrix.room.RoomRule.CREATE_IN_AUTH_EVENTS;
import static io.myelin.matrix.room.RoomRule.CREATOR_IN_CONTENT;
import static io.myelin.matrix.room.RoomRule.GUARDED_NOTIFICATIONS;
import static io.myelin.matrix.room.RoomRule.INFINITE_POWER_CREATORS;
import static io.myelin.matrix.room.RoomRule.INTEGER_POWER_LEVELS;
import static io.myelin.matrix.room.RoomRule.KEYS_EXPIRE;
import static io.myelin.matrix.room.RoomRule.KNOCK;
import static io.myelin.matrix.room.RoomRule.KNOCK_RESTRICTED_JOINS;
import static io.myelin.matrix.room.RoomRule.REDACTIONS_NEED_POWER;
import static io.myelin.matrix.room.RoomRule.RESTRICTED_JOINS;
import static io.myelin.matrix.room.RoomRule.ROOM_ID_IS_CREATE_EVENT_HASH;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The room versions that this server knows, each declared by its changes to the one before. */
public final class RoomVersions {
    public static final RoomVersion V1 = new RoomVersion(
            "1",
            EventFormat.V1,
            RedactionRules.V1,
            ALL_VERSIONS,
            ResolutionAlgorithm.V1,
            Set.of(ALIASES_OF_SERVERS, REDACTIONS_NEED_POWER, CREATOR_IN_CONTENT, CREATE_IN_AUTH_EVENTS));

    public static final RoomVersion V2 = V1.next("2").with(ResolutionAlgorithm.V2);

    public static final RoomVersion V3 = V2.next("3").with(EventFormat.V3).without(REDACTIONS_NEED_POWER);

    public static final RoomVersion V4 = V3.next("4").with(EventFormat.V4);

    public static final RoomVersion V5 = V4.next("5").with(KEYS_EXPIRE);

    public static final RoomVersion V6 = V5.next("6")
            .with(EventFormat.V6)
            .with(RedactionRules.V6)
            .with(GUARDED_NOTIFICATIONS)
            .without(ALIASES_OF_SERVERS);

    public static final RoomVersion V7 = V6.next("7").with(KNOCK);

    public static final RoomVersion V8 = V7.next("8").with(RedactionRules.V8).with(RESTRICTED_JOINS);

    public static final RoomVersion V9 = V8.next("9").with(RedactionRules.V9);

    public static final RoomVersion V10 = V9.next("10").with(KNOCK_RESTRICTED_JOINS, INTEGER_POWER_LEVELS);

    public static final RoomVersion V11 =
            V10.next("11").with(EventFormat.V11).with(RedactionRules.V11).without(CREATOR_IN_CONTENT);

    public static final RoomVersion V12 = V11.next("12")
            .with(EventFormat.V12)
            .with(ResolutionAlgorithm.V2_1)
            .with(ROOM_ID_IS_CREATE_EVENT_HASH, INFINITE_POWER_CREATORS)
            .without(CREATE_IN_AUTH_EVENTS);

    /** The version of a new room whose creator asks for none. */
    public static final RoomVersion DEFAULT = V12;

    private static final List<RoomVersion> SUPPORTED = List.of(V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11, V12);

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
