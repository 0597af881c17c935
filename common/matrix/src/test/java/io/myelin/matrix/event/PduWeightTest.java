package io.myelin.matrix.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonWeight;
import io.myelin.matrix.room.RoomVersions;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PduWeightTest {

    private static Pdu event(String content) {
        String body = "{\"auth_events\":[],\"content\":" + content + ",\"depth\":7,\"hashes\":{\"sha256\":\"\"},"
                + "\"origin_server_ts\":1,\"prev_events\":[],\"room_id\":\"!r:example.org\","
                + "\"sender\":\"@alice:example.org\",\"state_key\":\"\",\"type\":\"org.big\"}";
        return Pdu.stored(RoomVersions.V11, new EventId("$big"), body.getBytes(StandardCharsets.UTF_8));
    }

    private static String zeros(int count) {
        return "{\"a\":[0" + ",0".repeat(count - 1) + "]}";
    }

    @Test
    void aLargeEventIsKeptAsItsBytesAlone() {
        Pdu event = event(zeros(30_000));

        assertThat(JsonWeight.of(event.json())).isGreaterThan(10L * event.bytes().length);
        assertThat(event.weight()).isLessThan(event.bytes().length + 1_000);
    }

    @Test
    void aLargeEventIsParsedAgainByWhoeverAsks() {
        Pdu event = event(zeros(30_000));
        System.gc();

        assertThat(event.content().array("a").orElse(JsonArray.EMPTY).size()).isEqualTo(30_000);
        assertThat(event.depth()).isEqualTo(7);
        assertThat(event.key().type()).isEqualTo("org.big");
    }

    @Test
    void aSmallEventWeighsWhatIsMadeOfItToo() {
        Pdu few = event(zeros(10));
        Pdu many = event(zeros(1_000));

        assertThat(many.weight() - few.weight()).isGreaterThan(20L * (many.bytes().length - few.bytes().length) / 2);
    }

    @Test
    void weighsTheElementsOfWhatStandsInsideOfOthers() {
        JsonObject one = JsonObject.of("a", JsonArray.of(new JsonNumber(1)));
        JsonObject two = JsonObject.of("a", JsonArray.of(new JsonNumber(1), new JsonNumber(2)));

        assertThat(JsonWeight.of(two)).isGreaterThan(JsonWeight.of(one));
    }
}
