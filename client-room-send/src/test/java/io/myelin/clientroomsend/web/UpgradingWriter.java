package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.FakeRooms;
import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.ReplaceRoom;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A writer with a room of version 10, which Alice upgrades. JSON is written with single quotes. */
final class UpgradingWriter {
    static final String UPGRADE = "rooms/!room:localhost/upgrade";
    static final RoomId NEW = RoomId.parse("!new:localhost");
    static final RoomAlias PUB = RoomAlias.parse("#pub:localhost");
    static final RoomAlias BAR = RoomAlias.parse("#bar:localhost");
    static final String POWER_LEVELS = "{'users':{'@alice:localhost':100},'events':{'m.room.tombstone':100}}";

    private final RunningWriter writer = RunningWriter.shared();

    UpgradingWriter() {
        rooms().reset();
        rooms().room(ROOM, ALICE, "10");
        has("m.room.power_levels", POWER_LEVELS);
    }

    FakeRooms rooms() {
        return writer.rooms();
    }

    /** Adds a state event of Alice's to the room. */
    void has(String type, String content) {
        rooms().state(ROOM, ALICE, type, "", quoted(content));
    }

    /** Adds the replacement that an earlier upgrade of Alice's has created. */
    void replacement(String version) {
        String content = "{'room_version':'" + version
                + "','io.myelin.nonce':'n','predecessor':{'room_id':'!room:localhost','event_id':'$old'}}";
        rooms().room(NEW, ALICE, version).state(NEW, ALICE, "m.room.create", "", quoted(content));
    }

    RunningWriter.Answer as(UserId user, String method, String path, @Nullable String body) {
        return writer.as(user, method, path, body);
    }

    RunningWriter.Answer upgrade(String room, String body) {
        return writer.post("rooms/" + room + "/upgrade", quoted(body));
    }

    JsonObject upgraded(String body) {
        return upgrade(ROOM.value(), body).ok();
    }

    /** The command that ended the room and created the replacement. */
    ReplaceRoom replaced() {
        List<ReplaceRoom> commands = rooms().all(ReplaceRoom.class);
        assertThat(commands).hasSize(1);
        return commands.getFirst();
    }

    CreateRoom made() {
        return replaced().replacement();
    }

    static JsonObject parsed(byte[] content) {
        return JsonParser.parseObject(content);
    }

    static JsonObject json(String text) {
        return parsed(quoted(text).getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
