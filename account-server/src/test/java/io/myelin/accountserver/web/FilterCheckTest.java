package io.myelin.accountserver.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.json.JsonParser;
import io.myelin.web.MatrixException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterCheckTest {

    @Test
    void takesAFilterThatUsesEverything() {
        assertThatCode(() -> check("""
                {"event_fields": ["type"], "event_format": "client", "presence": {"types": []},
                 "account_data": {"not_types": ["*"]}, "org.example": 5,
                 "room": {"rooms": ["!a:b"], "include_leave": true,
                          "timeline": {"limit": 10, "senders": ["@a:b"], "lazy_load_members": true},
                          "state": {"lazy_load_members": true}, "ephemeral": {}, "account_data": {}}}""")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event_fields\":\"type\"}",
                "{\"event_format\":\"xml\"}",
                "{\"presence\":[]}",
                "{\"presence\":{\"types\":[1]}}",
                "{\"room\":{\"rooms\":[\"room\"]}}",
                "{\"room\":{\"timeline\":{\"limit\":\"10\"}}}",
                "{\"room\":{\"timeline\":{\"limit\":-1}}}",
                "{\"room\":{\"timeline\":{\"senders\":[\"alice\"]}}}",
                "{\"room\":{\"state\":{\"lazy_load_members\":\"yes\"}}}",
                "{\"room\":{\"include_leave\":1}}",
            })
    void refusesWhatIsNoFilter(String json) {
        assertThatThrownBy(() -> check(json)).isInstanceOf(MatrixException.class);
    }

    private static void check(String json) {
        FilterCheck.check(JsonParser.parseObject(json.getBytes(StandardCharsets.UTF_8)));
    }
}
