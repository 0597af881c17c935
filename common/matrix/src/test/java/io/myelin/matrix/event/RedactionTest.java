package io.myelin.matrix.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    private static final String PROTECTED_TOP_LEVEL = """
            "event_id":"$e","room_id":"!r:x","sender":"@a:x","state_key":"","hashes":{},"signatures":{},"depth":1,
            "prev_events":[],"auth_events":[],"origin_server_ts":5""";

    @Test
    void keepsOriginMembershipAndPrevStateUpToVersion10() {
        JsonObject event = event("m.room.topic", "{\"topic\":\"gone\"}")
                .with("origin", "x")
                .with("membership", "join")
                .with("prev_state", "[]")
                .with("redacts", "$x")
                .with("unsigned", JsonObject.EMPTY);
        JsonObject empty = event("m.room.topic", "{}");
        JsonObject kept = empty.with("origin", "x").with("membership", "join").with("prev_state", "[]");
        for (RoomVersion version : RoomVersions.supported()) {
            boolean keeps = Integer.parseInt(version.id()) <= 10;
            assertThat(Redaction.redact(version, event)).isEqualTo(keeps ? kept : empty);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1|m.room.member|{'membership':'join'}",
                "8|m.room.member|{'membership':'join'}",
                "9|m.room.member|{'membership':'join','join_authorised_via_users_server':'@a:x'}",
                "10|m.room.member|{'membership':'join','join_authorised_via_users_server':'@a:x'}",
                "11|m.room.member|{'membership':'join','join_authorised_via_users_server':'@a:x','third_party_invite':{'signed':{'mxid':1}}}",
                "12|m.room.member|{'membership':'join','join_authorised_via_users_server':'@a:x','third_party_invite':{'signed':{'mxid':1}}}",
                "1|m.room.create|{'creator':'@a:x'}",
                "10|m.room.create|{'creator':'@a:x'}",
                "11|m.room.create|{'creator':'@a:x','room_version':'11','additional_creators':['@b:x']}",
                "12|m.room.create|{'creator':'@a:x','room_version':'11','additional_creators':['@b:x']}",
                "1|m.room.join_rules|{'join_rule':'public'}",
                "7|m.room.join_rules|{'join_rule':'public'}",
                "8|m.room.join_rules|{'join_rule':'public','allow':[]}",
                "10|m.room.join_rules|{'join_rule':'public','allow':[]}",
                "11|m.room.join_rules|{'join_rule':'public','allow':[]}",
                "1|m.room.power_levels|{'ban':1,'events':{},'events_default':2,'kick':3,'redact':4,'state_default':5,'users':{},'users_default':6}",
                "10|m.room.power_levels|{'ban':1,'events':{},'events_default':2,'kick':3,'redact':4,'state_default':5,'users':{},'users_default':6}",
                "11|m.room.power_levels|{'ban':1,'events':{},'events_default':2,'kick':3,'redact':4,'state_default':5,'users':{},'users_default':6,'invite':7}",
                "1|m.room.history_visibility|{'history_visibility':'shared'}",
                "10|m.room.history_visibility|{'history_visibility':'shared'}",
                "12|m.room.history_visibility|{'history_visibility':'shared'}",
                "1|m.room.redaction|{}",
                "10|m.room.redaction|{}",
                "11|m.room.redaction|{'redacts':'$y'}",
                "12|m.room.message|{}",
                "1|m.room.aliases|{'aliases':[]}",
                "5|m.room.aliases|{'aliases':[]}",
                "6|m.room.aliases|{}",
                "10|m.room.aliases|{}"
            })
    void keepsOfEachTypeWhatItsVersionProtects(String version, String type, String expected) {
        JsonObject everything = parse("""
                {"membership":"join","join_authorised_via_users_server":"@a:x","displayname":"A",
                "third_party_invite":{"display_name":"B","signed":{"mxid":1}},
                "creator":"@a:x","room_version":"11","additional_creators":["@b:x"],"join_rule":"public","allow":[],
                "ban":1,"events":{},"events_default":2,"kick":3,"redact":4,"state_default":5,"users":{},
                "users_default":6,"invite":7,"notifications":{},"history_visibility":"shared","redacts":"$y",
                "aliases":[],"body":"secret"}
                """);
        JsonObject content = parse(expected.replace('\'', '"'));
        JsonObject all = type.equals("m.room.create") && Integer.parseInt(version) > 10
                ? content // kept whole, with any members
                : everything;
        RoomVersion roomVersion = RoomVersions.find(version).orElseThrow();
        JsonObject redacted = Redaction.redact(roomVersion, event(type, all.toString()));
        assertThat(redacted).isEqualTo(event(type, content.toString()));
        assertThat(Redaction.redact(roomVersion, redacted)).isEqualTo(redacted);
    }

    @Test
    void keepsAnEmptyThirdPartyInviteWithoutSigned() {
        JsonObject event =
                event("m.room.member", "{\"membership\":\"invite\",\"third_party_invite\":{\"display_name\":\"B\"}}");
        assertThat(Redaction.redact(RoomVersions.V11, event).object("content"))
                .contains(parse("{\"membership\":\"invite\",\"third_party_invite\":{}}"));
        assertThat(Redaction.redact(RoomVersions.V10, event).object("content"))
                .contains(parse("{\"membership\":\"invite\"}"));
    }

    private static JsonObject event(String type, String content) {
        return parse("{\"type\":\"" + type + "\",\"content\":" + content + "," + PROTECTED_TOP_LEVEL + "}");
    }

    private static JsonObject parse(String json) {
        return JsonParser.parseObject(json.getBytes(UTF_8));
    }
}
