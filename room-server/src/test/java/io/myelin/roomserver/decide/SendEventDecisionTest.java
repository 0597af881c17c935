package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.refused;
import static io.myelin.roomserver.TestShard.sent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomCommand.SetDirectoryVisibility;
import io.myelin.contracts.room.RoomFact;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.TestRoom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@MethodSource("io.myelin.matrix.room.RoomVersions#supported")
class SendEventDecisionTest {

    private final RoomVersion version;
    private final TestRoom room;

    SendEventDecisionTest(RoomVersion version) {
        this.version = version;
        this.room = aRoom().version(version).create().with(BOB);
    }

    @Test
    void membersSpeak() {
        EventId id = sent(room.says(BOB, "Hello"));
        RoomFact.RoomEvent event = room.events().getLast();
        assertThat(event.id()).isEqualTo(id);
        assertThat(event.device()).isEqualTo("DEVICE");
        assertThat(event.transactionId()).startsWith("txn");
        assertThat(event.state()).isEqualTo(room.now().current().name());
        assertThat(event.isState()).isFalse();
    }

    @Test
    void strangersDoNotAndLearnNothing() {
        assertThat(refused(room.says(CAROL, "Hello")).status()).isEqualTo(403);
        SendEvent nowhere = new SendEvent(
                new RoomId("!nowhere:example.org"),
                new Requester(CAROL, null, null),
                "m.room.message",
                null,
                "{}".getBytes(UTF_8),
                null,
                null,
                null);
        assertThat(refused(room.shard.execute(nowhere)).status()).isEqualTo(403);
    }

    @Test
    void stateReplacesState() {
        sent(room.set(ALICE, EventTypes.NAME, "", "{\"name\":\"One\"}"));
        long first = room.shard.facts.getLast().seq();
        sent(room.set(ALICE, EventTypes.NAME, "", "{\"name\":\"Two\"}"));
        RoomFact.RoomEvent second = room.events().getLast();
        assertThat(second.replaces()).isEqualTo(first);
        assertThat(second.state()).isEqualTo(first);
        assertThat(room.state(EventTypes.NAME, "").string("name")).contains("Two");
    }

    @Test
    void stateThatIsSoAlreadyIsTheSameEvent() {
        EventId first = sent(room.set(ALICE, EventTypes.NAME, "", "{\"name\":\"One\"}"));
        sent(room.says(BOB, "Nice"));
        int before = room.shard.facts.size();
        assertThat(sent(room.set(ALICE, EventTypes.NAME, "", "{ \"name\" : \"One\" }")))
                .isEqualTo(first);
        assertThat(room.shard.facts).hasSize(before);
    }

    @Test
    void membersWithoutPowerSetNoState() {
        assertThat(refused(room.set(BOB, EventTypes.NAME, "", "{\"name\":\"Mine\"}"))
                        .errcode())
                .isEqualTo("M_FORBIDDEN");
    }

    @Test
    void nobodySpeaksForAnothersStateKey() {
        assertThat(refused(room.set(ALICE, "org.example.mood", BOB.value(), "{}"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aRoomIsCreatedOnce() {
        assertThat(refused(room.set(ALICE, EventTypes.CREATE, "", "{}")).status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"a\":1.5}", "{\"a\":9007199254740992}", "{\"a\":1,\"a\":2}"})
    void whatCanonicalJsonCannotSayIsRefused(String content) {
        assertThat(refused(room.send(BOB, "m.room.message", content)).errcode()).isEqualTo("M_BAD_JSON");
    }

    @Test
    void whatIsNotJsonIsRefused() {
        assertThat(refused(room.send(BOB, "m.room.message", "{\"a\":")).errcode())
                .isEqualTo("M_NOT_JSON");
    }

    @Test
    void largeEventsAreRefused() {
        assertThat(refused(room.says(BOB, "x".repeat(65_536)))).satisfies(error -> {
            assertThat(error.status()).isEqualTo(413);
            assertThat(error.errcode()).isEqualTo("M_TOO_LARGE");
        });
        assertThat(refused(room.send(BOB, "t".repeat(256), "{}")).errcode()).isEqualTo("M_TOO_LARGE");
    }

    @Test
    void nulReachesNoColumn() {
        assertThat(refused(room.send(BOB, "a\0b", "{}")).errcode()).isEqualTo("M_INVALID_PARAM");
        assertThat(refused(room.set(ALICE, "a", "b\0", "{}")).errcode()).isEqualTo("M_INVALID_PARAM");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ban\":\"50\"}",
                "{\"events\":{\"m.room.name\":\"1\"}}",
                "{\"users\":[]}",
                "{\"users\":{\"bob\":1}}"
            })
    void malformedPowerLevelsAreRefused(String content) {
        assertThat(refused(room.set(ALICE, EventTypes.POWER_LEVELS, "", content))
                        .errcode())
                .isEqualTo("M_BAD_JSON");
    }

    @Test
    void powerLevelsOfCreatorsCannotBeSetFromVersion12On() {
        RoomAnswer answer = room.set(ALICE, EventTypes.POWER_LEVELS, "", "{\"users\":{\"@alice:example.org\":100}}");
        if (version.creatorsHaveInfinitePower()) {
            assertThat(refused(answer).errcode()).isEqualTo("M_BAD_JSON");
        } else {
            sent(answer);
        }
    }

    @Test
    void joinRulesAreThoseOfTheVersion() {
        assertThat(allows("knock")).isEqualTo(version.knock());
        assertThat(allows("restricted")).isEqualTo(version.restricted());
        assertThat(allows("knock_restricted")).isEqualTo(version.knockRestricted());
        assertThat(allows("org.example.rule")).isTrue();
        assertThat(allows("public")).isTrue();
    }

    private boolean allows(String joinRule) {
        RoomAnswer answer = room.set(ALICE, EventTypes.JOIN_RULES, "", "{\"join_rule\":\"" + joinRule + "\"}");
        if (answer instanceof RoomAnswer.Refused) {
            assertThat(refused(answer).errcode()).isEqualTo("M_INVALID_PARAM");
        }
        return answer instanceof RoomAnswer.EventSent;
    }

    @Test
    void strangersSayNoAliases() {
        assertThat(refused(room.set(CAROL, EventTypes.ALIASES, "example.org", "{\"aliases\":[]}"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void membersSayTheAliasesOfTheirServerUpToVersion5() {
        RoomAnswer answer = room.set(BOB, EventTypes.ALIASES, "example.org", "{\"aliases\":[]}");
        assertThat(answer instanceof RoomAnswer.EventSent).isEqualTo(version.aliasesOfServers());
    }

    @Test
    void noRoomIsReplacedByItself() {
        String content = "{\"body\":\"round and round\",\"replacement_room\":\"" + room.id + "\"}";
        assertThat(refused(room.set(ALICE, EventTypes.TOMBSTONE, "", content)))
                .satisfies(error -> assertThat(error.status()).isEqualTo(400))
                .satisfies(error -> assertThat(error.errcode()).isEqualTo("M_INVALID_PARAM"));
    }

    @Test
    void canonicalAliasesMustBeAliases() {
        assertThat(refused(room.set(ALICE, EventTypes.CANONICAL_ALIAS, "", "{\"alias\":\"pub\"}"))
                        .errcode())
                .isEqualTo("M_INVALID_PARAM");
        assertThat(refused(room.set(ALICE, EventTypes.CANONICAL_ALIAS, "", "{\"alt_aliases\":[1]}"))
                        .errcode())
                .isEqualTo("M_INVALID_PARAM");
        sent(room.set(ALICE, EventTypes.CANONICAL_ALIAS, "", "{\"alias\":\"#pub:example.org\"}"));
    }

    @Test
    void applicationServicesTellTheTime() {
        SendEvent command = new SendEvent(
                room.id, new Requester(BOB, null, null), "m.room.message", null, "{}".getBytes(UTF_8), null, 42L, null);
        sent(room.shard.execute(command));
        assertThat(room.events().getLast().timestamp()).isEqualTo(42);
    }

    @Test
    void theDirectoryShowsARoomByTheWordOfThoseWithPower() {
        assertThat(refused(room.shard.execute(new SetDirectoryVisibility(room.id, BOB, true)))
                        .status())
                .isEqualTo(403);
        room.shard.execute(new SetDirectoryVisibility(room.id, ALICE, true));
        assertThat(room.now().published()).isTrue();
        int before = room.shard.facts.size();
        room.shard.execute(new SetDirectoryVisibility(room.id, ALICE, true));
        assertThat(room.shard.facts).hasSize(before);
    }

    @Test
    void redactionsNameTheirEventWhereTheVersionWantsIt() {
        EventId message = sent(room.says(ALICE, "Oops"));
        sent(room.redact(ALICE, message));
        RoomFact.RoomEvent redaction = room.events().getLast();
        assertThat(redaction.redacts()).isEqualTo(message);
        JsonObject json = JsonParser.parseObject(redaction.body());
        boolean isInContent = version.eventFormat().redactsInContent();
        assertThat((isInContent ? json.object("content").orElseThrow() : json).string("redacts"))
                .contains(message.value());
    }

    @Test
    void ownEventsMayBeRedactedThoseOfOthersWithPowerOnly() {
        EventId bobs = sent(room.says(BOB, "Oops"));
        EventId alices = sent(room.says(ALICE, "Oops"));
        sent(room.redact(BOB, bobs));
        assertThat(refused(room.redact(BOB, alices)).errcode()).isEqualTo("M_FORBIDDEN");
        sent(room.redact(ALICE, bobs));
    }

    @Test
    void redactionsMayBeSentLikeAnyOtherEvent() {
        EventId message = sent(room.says(BOB, "Oops"));
        sent(room.send(BOB, EventTypes.REDACTION, "{\"redacts\":\"" + message.value() + "\"}"));
        assertThat(room.events().getLast().redacts()).isEqualTo(message);
    }

    @Test
    void redactedStateIsPruned() {
        EventId name = sent(room.set(ALICE, EventTypes.NAME, "", "{\"name\":\"Rude\"}"));
        sent(room.redact(ALICE, name));
        assertThat(room.state(EventTypes.NAME, "").isEmpty()).isTrue();
        sent(room.set(ALICE, EventTypes.NAME, "", "{\"name\":\"Rude\"}"));
        assertThat(room.state(EventTypes.NAME, "").string("name")).contains("Rude");
    }

    @Test
    void unknownEventsAndThoseOfOtherRoomsCannotBeRedacted() {
        TestRoom other = aRoom(room.shard).version(version).create();
        EventId elsewhere = sent(other.says(ALICE, "Hello"));
        assertThat(refused(room.redact(ALICE, elsewhere)).status()).isEqualTo(400);
        for (String unknown : List.of("$" + "a".repeat(43), "$a/+" + "a".repeat(40), "$a:example.org", "$a")) {
            assertThat(refused(room.redact(ALICE, new EventId(unknown))).status())
                    .isEqualTo(400);
        }
        assertThat(refused(room.send(ALICE, EventTypes.REDACTION, "{}")).status())
                .isEqualTo(400);
    }
}
