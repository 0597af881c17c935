package io.myelin.matrix.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PduTest {
    private static final JsonObject VALID = parse("""
            {"type":"m.room.message","sender":"@a:x","room_id":"!r:x","content":{},"depth":1,"origin_server_ts":5,
            "prev_events":[],"auth_events":[],"hashes":{"sha256":"abc"},"signatures":{}}
            """);

    @Test
    void dropsUnsigned() {
        Pdu event = Pdu.of(RoomVersions.V11, VALID.with("unsigned", JsonObject.of("age", "1")));
        assertThat(event.json()).isEqualTo(VALID);
        assertThat(event).isEqualTo(Pdu.of(RoomVersions.V11, VALID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type",
                "sender",
                "room_id",
                "content",
                "depth",
                "origin_server_ts",
                "prev_events",
                "auth_events",
                "hashes"
            })
    void rejectsEventThatLacks(String member) {
        assertThatExceptionOfType(InvalidEvent.class)
                .isThrownBy(() -> Pdu.of(RoomVersions.V11, VALID.without(member)))
                .withMessageContaining("The event's " + member + " must");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "type|1",
                "sender|'alice'",
                "room_id|'#r:x'",
                "state_key|null",
                "content|[]",
                "depth|-1",
                "depth|'1'",
                "origin_server_ts|null",
                "prev_events|{}",
                "prev_events|[1]",
                "prev_events|['x']",
                "auth_events|['$a','$b','$c','$d','$e','$f','$g','$h','$i','$j','$k']",
                "hashes|{'sha256':1}",
                "signatures|[]"
            })
    void rejectsEventWithWrong(String member, String value) {
        JsonObject wrong =
                VALID.with(member, JsonParser.parse(value.replace('\'', '"').getBytes(UTF_8)));
        assertThatExceptionOfType(InvalidEvent.class)
                .isThrownBy(() -> Pdu.of(RoomVersions.V12, wrong))
                .withMessageStartingWith("The event's " + member + " must");
    }

    @Test
    void onlyCreateEventFromVersion12OnMayLackItsRoom() {
        JsonObject create =
                VALID.with("type", "m.room.create").with("state_key", "").without("room_id");
        assertThat(Pdu.of(RoomVersions.V12, create).roomId().serverName()).isEmpty();
        assertThatExceptionOfType(InvalidEvent.class).isThrownBy(() -> Pdu.of(RoomVersions.V11, create));
    }

    @Test
    void rejectsBytesThatAreNoStrictJson() {
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> Pdu.parse(RoomVersions.V11, "{\"depth\":1.0}".getBytes(UTF_8)));
    }

    private static JsonObject parse(String json) {
        return JsonParser.parseObject(json.getBytes(UTF_8));
    }
}
