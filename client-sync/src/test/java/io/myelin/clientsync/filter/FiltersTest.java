package io.myelin.clientsync.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.myelin.clientsync.event.EventFields;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiltersTest {

    private static JsonObject json(String text) {
        return JsonParser.parseObject(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "m.room.*, m.room.message, true",
        "m.room.*, m.roomx, false",
        "*, anything, true",
        "m.*.message, m.room.message, true",
        "m.*.message, m.room.messages, false",
        "m.room.message, m.room.message, true",
        "m.room.message, m-room-message, false",
        "a**b, axxb, true",
        "ab*ba, aba, false",
        "*a*b*c*, xaxbxcx, true",
        "*a*c*b*, xaxbxcx, false",
        "*ab*ab, abab, true",
        "*ab*ab, xab, false",
    })
    void matchTypesWithWildcards(String pattern, String type, boolean matches) {
        EventFilter filter = EventFilter.parse(json("{\"types\":[\"" + pattern + "\"]}"));
        assertThat(filter.acceptsType(type)).isEqualTo(matches);
    }

    @Test
    void excludeBeforeTheyInclude() {
        EventFilter filter = EventFilter.parse(
                json("{\"types\":[\"m.*\"],\"not_types\":[\"m.x\"],\"rooms\":[\"!a:b\"],\"not_rooms\":[\"!a:b\"]}"));
        assertThat(filter.acceptsType("m.x")).isFalse();
        assertThat(filter.acceptsType("m.y")).isTrue();
        assertThat(filter.acceptsRoom(new RoomId("!a:b"))).isFalse();
    }

    @Test
    void acceptNothingWithAnEmptyList() {
        assertThat(EventFilter.parse(json("{\"types\":[]}")).acceptsType("m.x")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"room\":[]}",
                "{\"room\":{\"timeline\":1}}",
                "{\"room\":{\"timeline\":{\"limit\":\"1\"}}}",
                "{\"room\":{\"timeline\":{\"limit\":-1}}}",
                "{\"room\":{\"timeline\":{\"types\":\"x\"}}}",
                "{\"room\":{\"timeline\":{\"types\":[1]}}}",
                "{\"room\":{\"include_leave\":1}}",
                "{\"event_fields\":{}}",
                "{\"presence\":1}",
            })
    void areRefusedIfAFieldIsNotOfItsType(String text) {
        assertThatThrownBy(() -> SyncFilter.parse(json(text))).isInstanceOf(InvalidFilter.class);
    }

    /** A regular expression would try the rest of the type at each letter, for each star. */
    @Test
    void takeNoLongerForManyStars() {
        EventFilter filter = EventFilter.parse(json("{\"types\":[\"" + "*a".repeat(120) + "*b\"]}"));

        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(filter.acceptsType("a".repeat(255))).isFalse());
    }

    @Test
    void areRefusedIfTheyAreTooLong() {
        String rooms =
                IntStream.range(0, 5_001).mapToObj(i -> "\"!" + i + ":b\"").collect(Collectors.joining(","));
        String stars = IntStream.range(0, 101).mapToObj(i -> "\"" + i + "*\"").collect(Collectors.joining(","));
        for (String text : List.of(
                "{\"room\":{\"rooms\":[" + rooms + "]}}",
                "{\"room\":{\"timeline\":{\"types\":[" + stars + "]}}}",
                "{\"event_fields\":[" + stars + "," + stars.replace("*", ".x") + "]}")) {
            assertThatThrownBy(() -> SyncFilter.parse(json(text)))
                    .isInstanceOf(InvalidFilter.class)
                    .hasMessageContaining("at most");
        }
    }

    @Test
    void selectFieldsByPaths() {
        EventFields fields = EventFields.parse(List.of("content.a\\.b", "content.c.d", "missing.x", "type"));
        JsonObject event =
                json("{\"type\":\"t\",\"sender\":\"s\",\"content\":{\"a.b\":1,\"c\":{\"d\":2,\"e\":3},\"f\":4}}");
        assertThat(fields.select(event)).isEqualTo(json("{\"type\":\"t\",\"content\":{\"a.b\":1,\"c\":{\"d\":2}}}"));
    }
}
