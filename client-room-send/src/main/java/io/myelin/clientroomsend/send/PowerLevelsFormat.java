package io.myelin.clientroomsend.send;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.util.List;

/** Checks {@code m.room.power_levels}, as a whole or a part of it: levels are integers. Room versions, from 10 on. */
public final class PowerLevelsFormat {
    private static final List<String> LEVELS =
            List.of("ban", "events_default", "invite", "kick", "redact", "state_default", "users_default");
    private static final List<String> MAPS = List.of("events", "notifications", "users");

    private PowerLevelsFormat() {}

    /** @throws MatrixException 400 {@code M_BAD_JSON}, naming the field */
    public static void check(JsonObject content) {
        for (String name : LEVELS) {
            Json level = content.get(name);
            if (level != null && !(level instanceof JsonNumber)) {
                throw bad("'" + name + "' must be an integer");
            }
        }
        for (String name : MAPS) {
            switch (content.get(name)) {
                case null -> {}
                case JsonObject levels -> levels.forEach((key, level) -> checkEntry(name, key, level));
                default -> throw bad("'" + name + "' must be an object");
            }
        }
    }

    private static void checkEntry(String map, String key, Json level) {
        if (!(level instanceof JsonNumber)) {
            throw bad("'" + map + "' must have integers only");
        }
        if (map.equals("users") && UserId.tryParse(key).isEmpty()) {
            throw bad("'users' must have user IDs as its names");
        }
    }

    private static MatrixException bad(String problem) {
        return new MatrixException(MatrixError.badJson("Of the power levels, " + problem + "."));
    }
}
