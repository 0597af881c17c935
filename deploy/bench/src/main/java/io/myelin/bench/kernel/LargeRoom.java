package io.myelin.bench.kernel;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A public room of 10,000 members on a hundred servers. The first two of them are its administrators, and ten more its
 * moderators.
 */
final class LargeRoom {

    private static final int MEMBERS = 10_000;
    private static final int ADMINISTRATORS = 2;
    private static final int MODERATORS = 10;
    private static final int SERVERS = 100;

    private LargeRoom() {}

    static Branch of(RoomVersion version) {
        var creator = administrator(0);
        var room = Branch.createdBy(creator, version)
                .with(creator, EventTypes.POWER_LEVELS, "", powerLevels(version, Stream.empty()))
                .with(creator, EventTypes.JOIN_RULES, "", JsonObject.of("join_rule", "public"));
        for (var number = 1; number < MEMBERS; number++) {
            room = room.withMember(user(number), user(number), JsonObject.of("membership", "join"));
        }
        return room;
    }

    /** An administrator; number 0 has created the room. */
    static UserId administrator(int number) {
        return user(number);
    }

    /** A moderator; any number stands for one of the ten. */
    static UserId moderator(int number) {
        return user(ADMINISTRATORS + number % MODERATORS);
    }

    /** A member without power. */
    static UserId member(int number) {
        return user(ADMINISTRATORS + MODERATORS + number);
    }

    /** The room's first power levels, with these users as further moderators. */
    static JsonObject powerLevels(RoomVersion version, Stream<UserId> promoted) {
        var users = JsonObject.builder();
        if (!version.creatorsHaveInfinitePower()) {
            users.put(administrator(0).value(), 100);
        }
        users.put(administrator(1).value(), 100);
        Stream.concat(IntStream.range(0, MODERATORS).mapToObj(LargeRoom::moderator), promoted)
                .forEach(moderator -> users.put(moderator.value(), 50));
        return JsonObject.builder()
                .put("users", users.build())
                .put("events", JsonObject.of(EventTypes.POWER_LEVELS, Json.of(100)))
                .build();
    }

    private static UserId user(int number) {
        return new UserId("@user" + number + ":server" + number % SERVERS + ".example");
    }
}
