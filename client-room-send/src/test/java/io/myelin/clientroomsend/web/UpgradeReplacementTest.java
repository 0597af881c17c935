package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static io.myelin.clientroomsend.web.UpgradingWriter.POWER_LEVELS;
import static io.myelin.clientroomsend.web.UpgradingWriter.json;
import static io.myelin.clientroomsend.web.UpgradingWriter.parsed;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.ReplaceRoom;
import io.myelin.matrix.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a replacement room is like. */
class UpgradeReplacementTest {
    private final UpgradingWriter upgrading = new UpgradingWriter();

    @Test
    void isMadeWithTheTombstoneThatLeadsToIt() {
        String answer = upgrading
                .upgraded("{'new_version':'11'}")
                .string("replacement_room")
                .orElseThrow();
        assertThat(upgrading.made().room().value()).isEqualTo(answer).endsWith(":localhost");
        assertThat(upgrading.made().version()).isEqualTo("11");
        assertThat(upgrading.made().published()).isFalse();
        ReplaceRoom command = upgrading.replaced();
        assertThat(command.room()).isEqualTo(ROOM);
        assertThat(command.before()).isNull();
        JsonObject tombstone = parsed(command.tombstone());
        assertThat(tombstone.names()).containsExactly("body", "replacement_room");
        assertThat(tombstone.string("replacement_room")).contains(answer);
    }

    @Test
    void leavesItToRoomServerToNameTheTombstoneOfThePredecessor() {
        upgrading.upgraded("{'new_version':'11'}");
        assertThat(parsed(upgrading.made().creationContent()))
                .isEqualTo(json("{'room_version':'11','predecessor':{'room_id':'!room:localhost'}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "11", "12"})
    void isOfTheShardOfItsPredecessor(String version) {
        upgrading.upgraded("{'new_version':'" + version + "'}");
        assertThat(Partitions.of(upgrading.made().room().value(), 16)).isEqualTo(Partitions.of(ROOM.value(), 16));
    }

    @Test
    void ofVersion12NamesTheLastEventBefore() {
        upgrading.has("m.room.name", "{'name':'Pub'}");
        String answer = upgrading
                .upgraded("{'new_version':'12'}")
                .string("replacement_room")
                .orElseThrow();
        assertThat(upgrading.made().room().value()).isEqualTo(answer);
        assertThat(parsed(upgrading.made().creationContent()).object("predecessor"))
                .contains(json("{'room_id':'!room:localhost','event_id':'$m.room.name'}"));
    }

    @Test
    void keepsTypeAndThatOtherServersStayOut() {
        upgrading.has(
                "m.room.create",
                "{'room_version':'10','creator':'@alice:localhost','type':'m.space',"
                        + "'m.federate':false,'predecessor':{'room_id':'!older:localhost'},'x':1}");
        upgrading.upgraded("{'new_version':'11'}");
        JsonObject content = parsed(upgrading.made().creationContent());
        assertThat(content.names()).containsExactly("m.federate", "predecessor", "room_version", "type");
        assertThat(content.string("type")).contains("m.space");
        assertThat(content.bool("m.federate")).contains(false);
    }

    @Test
    void hasTheAdditionalCreatorsThatAreAskedFor() {
        upgrading.upgraded("{'new_version':'12','additional_creators':['@bob:localhost','@alice:localhost']}");
        var creators = parsed(upgrading.made().creationContent()).array("additional_creators");
        assertThat(creators.orElseThrow().strings()).containsExactly("@bob:localhost");
    }

    @Test
    void ignoresAdditionalCreatorsBeforeVersion12() {
        upgrading.upgraded("{'new_version':'11','additional_creators':7}");
        assertThat(parsed(upgrading.made().creationContent()).has("additional_creators"))
                .isFalse();
    }

    @Test
    void copiesWhatTheRoomIsLike() {
        upgrading.has("m.room.name", "{'name':'Pub'}");
        upgrading.has("m.room.topic", "{'topic':'Beer'}");
        upgrading.has("m.room.avatar", "{}");
        upgrading.has("m.room.join_rules", "{'join_rule':'public'}");
        upgrading.has("m.room.encryption", "{'algorithm':'m.megolm.v1.aes-sha2'}");
        upgrading.has("m.room.pinned_events", "{'pinned':['$a']}");
        upgrading.has("org.example.x", "{'a':1}");
        upgrading.rooms().state(ROOM, ALICE, "m.space.child", "!child:localhost", "{\"via\":[\"localhost\"]}");
        upgrading.upgraded("{'new_version':'11'}");
        assertThat(state())
                .containsExactly(
                        "m.room.join_rules||{\"join_rule\":\"public\"}",
                        "m.room.encryption||{\"algorithm\":\"m.megolm.v1.aes-sha2\"}",
                        "m.room.name||{\"name\":\"Pub\"}",
                        "m.room.topic||{\"topic\":\"Beer\"}",
                        "m.room.guest_access||{\"guest_access\":\"forbidden\"}",
                        "m.room.power_levels||" + json(POWER_LEVELS));
    }

    @Test
    void copiesTheRoomsOfASpace() {
        upgrading.has("m.room.create", "{'room_version':'10','creator':'@alice:localhost','type':'m.space'}");
        upgrading.rooms().state(ROOM, ALICE, "m.space.child", "!child:localhost", "{\"via\":[\"localhost\"]}");
        upgrading.rooms().state(ROOM, ALICE, "m.space.child", "!gone:localhost", "{}");
        upgrading.upgraded("{'new_version':'11'}");
        assertThat(state())
                .contains("m.space.child|!child:localhost|{\"via\":[\"localhost\"]}")
                .noneMatch(entry -> entry.contains("!gone"));
    }

    @Test
    void bansWhoIsBanned() {
        upgrading
                .rooms()
                .state(ROOM, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"ban\",\"reason\":\"spam\"}")
                .state(ROOM, ALICE, "m.room.member", "@eve:x", "{\"membership\":\"leave\"}");
        upgrading.upgraded("{'new_version':'11'}");
        ChangeMembership ban = upgrading.rooms().all(ChangeMembership.class).getFirst();
        assertThat(ban.room()).isEqualTo(upgrading.made().room());
        assertThat(ban.action()).isEqualTo(MembershipAction.BAN);
        assertThat(ban.target()).isEqualTo(BOB);
        assertThat(ban.reason()).isEqualTo("spam");
        assertThat(upgrading.rooms().all(ChangeMembership.class)).hasSize(1);
    }

    @Test
    void endsNoRoomThatCannotBeReplaced() {
        upgrading.has("m.room.join_rules", "{'join_rule':'knock_restricted','allow':[]}");
        upgrading.upgrade(ROOM.value(), "{'new_version':'9'}").isRefused(400, "M_INVALID_PARAM");
        upgrading.has("m.room.create", "{'room_version':'10','creator':'@alice:localhost','type':'m.space'}");
        for (int child = 0; child < 25; child++) {
            String large = "{\"via\":[\"" + "x".repeat(50_000) + "\"]}";
            upgrading.rooms().state(ROOM, ALICE, "m.space.child", "!child" + child + ":localhost", large);
        }
        upgrading.upgrade(ROOM.value(), "{'new_version':'11'}").isRefused(413, "M_TOO_LARGE");
        assertThat(upgrading.rooms().received()).isEmpty();
    }

    private List<String> state() {
        return upgrading.made().initialState().stream()
                .map(entry -> entry.type() + "|" + entry.stateKey() + "|"
                        + new String(entry.content(), StandardCharsets.UTF_8))
                .toList();
    }
}
