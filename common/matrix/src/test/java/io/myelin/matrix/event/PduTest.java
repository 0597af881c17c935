package io.myelin.matrix.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonDecimal;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
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
        JsonObject wrong = VALID.with(member, value(value));
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

    @ParameterizedTest
    @ValueSource(strings = {"'x'", "'$x'", "'$x:'", "1", "null"})
    void rejectsOtherIdsUpToVersion2(String id) {
        JsonObject event = VALID.with("event_id", value(id));
        assertThatExceptionOfType(InvalidEvent.class)
                .isThrownBy(() -> Pdu.of(RoomVersions.V2, event))
                .withMessageStartingWith("The event's event_id must");
        assertThatExceptionOfType(InvalidEvent.class).isThrownBy(() -> Pdu.of(RoomVersions.V1, VALID));
    }

    @Test
    void saysItsIdUpToVersion2() {
        assertThat(Pdu.of(RoomVersions.V2, VALID.with("event_id", "$x:y")).eventId())
                .hasToString("$x:y");
        assertThat(Pdu.of(RoomVersions.V3, VALID.with("event_id", "$x:y")).eventId())
                .isNotEqualTo(new EventId("$x:y"));
    }

    @Test
    void citesByPairsUpToVersion2() {
        Json pairs = value("[['$a:x',{'sha256':'abc'}],['$b:x',{}]]");
        Json ids = value("['$a:x','$b/+']");
        JsonObject cites = VALID.with("event_id", "$x:y").with("prev_events", pairs);
        assertThat(Pdu.of(RoomVersions.V1, cites).prevEvents())
                .containsExactly(new EventId("$a:x"), new EventId("$b:x"));
        assertThat(Pdu.of(RoomVersions.V3, VALID.with("prev_events", ids)).prevEvents())
                .containsExactly(new EventId("$a:x"), new EventId("$b/+"));
        assertThatExceptionOfType(InvalidEvent.class)
                .isThrownBy(() -> Pdu.of(RoomVersions.V2, cites.with("prev_events", ids)))
                .withMessageStartingWith("The event's prev_events must have pairs");
        assertThatExceptionOfType(InvalidEvent.class)
                .isThrownBy(() -> Pdu.of(RoomVersions.V3, VALID.with("prev_events", pairs)))
                .withMessageStartingWith("The event's prev_events must have event IDs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "['$a:x']", "['$a:x','abc']", "['a',{}]", "[{},'$a:x']", "['$a:x',{},{}]"})
    void rejectsOtherPairs(String pair) {
        JsonObject event = VALID.with("event_id", "$x:y").with("auth_events", value("[" + pair + "]"));
        assertThatExceptionOfType(InvalidEvent.class)
                .isThrownBy(() -> Pdu.of(RoomVersions.V1, event))
                .withMessageStartingWith("The event's auth_events must");
    }

    @Test
    void depthIsOf64BitsUpToVersion5() {
        JsonObject deep = VALID.with("depth", new JsonDecimal("9223372036854775807"));
        assertThat(Pdu.of(RoomVersions.V5, deep).depth()).isEqualTo(Long.MAX_VALUE);
        assertThatExceptionOfType(InvalidEvent.class).isThrownBy(() -> Pdu.of(RoomVersions.V6, deep));
        for (String wrong : new String[] {"9223372036854775808", "1.0", "-9223372036854775808"}) {
            assertThatExceptionOfType(InvalidEvent.class)
                    .isThrownBy(() -> Pdu.of(RoomVersions.V5, VALID.with("depth", new JsonDecimal(wrong))))
                    .withMessageStartingWith("The event's depth must");
        }
    }

    @Test
    void hasAnyNumbersUpToVersion5() {
        byte[] body = VALID.with("content", JsonObject.of("a", new JsonDecimal("1.50")))
                .toString()
                .getBytes(UTF_8);
        for (RoomVersion version : RoomVersions.supported().subList(2, 5)) {
            Pdu event = Pdu.parse(version, body);
            assertThat(event.contentBytes()).asString(UTF_8).isEqualTo("{\"a\":1.5}");
            assertThat(Pdu.stored(version, event.eventId(), event.bytes()).json())
                    .isEqualTo(event.json());
        }
    }

    @Test
    void hasNumbersOfCanonicalJsonOnlyFromVersion6On() {
        JsonObject event = VALID.with("content", JsonObject.of("a", new JsonDecimal("1.50")));
        for (RoomVersion version : RoomVersions.supported().subList(5, 12)) {
            assertThatExceptionOfType(InvalidJson.class)
                    .isThrownBy(() -> Pdu.parse(version, event.toString().getBytes(UTF_8)));
            assertThatExceptionOfType(InvalidEvent.class)
                    .isThrownBy(() -> Pdu.of(version, event))
                    .withMessageContaining("numbers");
        }
    }

    private static Json value(String withSingleQuotes) {
        return JsonParser.parse(withSingleQuotes.replace('\'', '"').getBytes(UTF_8));
    }

    private static JsonObject parse(String json) {
        return JsonParser.parseObject(json.getBytes(UTF_8));
    }
}
