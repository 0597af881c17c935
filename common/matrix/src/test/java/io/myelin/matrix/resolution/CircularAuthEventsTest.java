package io.myelin.matrix.resolution;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.resolution.Story.aRoom;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateMap;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Before room version 3 event IDs were not hashes, so a server can make two events that cite each other. */
class CircularAuthEventsTest {
    static List<RoomVersion> versions() {
        return List.of(RoomVersions.V11, RoomVersions.V12);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void comeToAnEnd(RoomVersion version) {
        Fork room = aRoom(version).createdBy(ALICE);
        Pdu one = powerLevels(room, "$one", "$two", 1);
        Pdu two = powerLevels(room, "$two", "$one", 2);
        Fork left = room.with(room.story().happened(one));
        Fork right = room.with(room.story().happened(two));
        StateMap<EventId> resolved = Story.merging(left, right).state();
        // The ordering by power leaves circular events out, so they are replayed in the second round, ordered by time.
        assertThat(resolved.get("m.room.power_levels", "")).isEqualTo(two.eventId());
    }

    private static Pdu powerLevels(Fork room, String id, String cited, int originServerTs) {
        List<EventId> authEvents = room.selected(ALICE.setsPowerLevels("{}"));
        String citing = authEvents.stream().map(event -> "\"" + event + "\",").reduce("", String::concat);
        String json = """
                {"auth_events":[%s"%s"],"content":{"users":{%s}},"depth":3,"origin_server_ts":%d,"prev_events":[],\
                "room_id":"%s","sender":"@alice:one.example","state_key":"","type":"m.room.power_levels"}""".formatted(
                        citing,
                        cited,
                        room.story().version().creatorsHaveInfinitePower() ? "" : "\"@alice:one.example\":100",
                        originServerTs,
                        room.create().roomId());
        return Pdu.stored(room.story().version(), new EventId(id), json.getBytes(UTF_8));
    }
}
