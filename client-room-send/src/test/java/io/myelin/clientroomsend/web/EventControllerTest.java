package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.GUEST;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventControllerTest {
    private static final String IN_ROOM = "rooms/!room:localhost/";
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void emptyServer() {
        writer.rooms().reset();
    }

    @Test
    void sendsMessageAndAnswersWithItsEvent() {
        var answer = writer.put(IN_ROOM + "send/m.room.message/t1?ts=5", "{\"body\":\"hi\",\"msgtype\":\"m.text\"}");
        assertThat(answer.ok().string("event_id")).contains("$sent");
        SendEvent command = writer.rooms().only(SendEvent.class);
        assertThat(command.room()).isEqualTo(ROOM);
        assertThat(command.requester().user()).isEqualTo(ALICE);
        assertThat(command.requester().device()).isEqualTo("DEVICE");
        assertThat(command.requester().transactionId()).isEqualTo("t1");
        assertThat(command.stateKey()).isNull();
        assertThat(command.timestamp()).isNull();
        assertThat(text(command)).isEqualTo("{\"body\":\"hi\",\"msgtype\":\"m.text\"}");
        assertThat(writer.rooms().received().getFirst().transaction()).isNotNull();
    }

    @Test
    void sendsStickyEventsAndState() {
        String sticky = "?org.matrix.msc4354.sticky_duration_ms=";
        writer.put(IN_ROOM + "send/m.room.message/t1" + sticky + "600000", "{\"body\":\"hi\"}").ok();
        writer.put(IN_ROOM + "state/org.example" + sticky + "0", "{}").ok();
        assertThat(writer.rooms().all(SendEvent.class))
                .extracting(SendEvent::sticky)
                .containsExactly(600_000L, 0L);
    }

    @Test
    void refusesToMakeAnEventStickyForTooLong() {
        for (String millis : new String[] {"3600001", "-1", "x", "1.5", "9999999999999999999"}) {
            writer.put(IN_ROOM + "send/m.a/t1?org.matrix.msc4354.sticky_duration_ms=" + millis, "{}")
                    .isRefused(400, "M_INVALID_PARAM");
        }
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void namesTransactionByWholePath() {
        writer.put(IN_ROOM + "send/m.a/t1", "{}");
        writer.put(IN_ROOM + "send/m.a/t1", "{}");
        writer.put(IN_ROOM + "send/m.b/t1", "{}");
        writer.put(IN_ROOM + "redact/$e/t1", "{}");
        assertThat(writer.rooms().received().stream()
                        .map(received -> received.transaction())
                        .distinct())
                .hasSize(3);
    }

    @Test
    void passesOnWhatRoomServerRefusesItFor() {
        writer.rooms().refuse(403, "M_FORBIDDEN");
        writer.put(IN_ROOM + "send/m.a/t1", "{}").isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void setsStateWithAndWithoutKey() {
        writer.put(IN_ROOM + "state/m.x", "{}").ok();
        writer.put(IN_ROOM + "state/m.x/", "{}").ok();
        writer.put(IN_ROOM + "state/m.x/a%2Fb", "{}").ok();
        assertThat(writer.rooms().received().stream().map(received -> ((SendEvent) received.command()).stateKey()))
                .containsExactly("", "", "a/b");
        assertThat(writer.rooms().received().getFirst().transaction()).isNull();
    }

    @Test
    void redactsByEitherEndpoint() {
        writer.put(IN_ROOM + "redact/$event/t1", "{\"reason\":\"spam\"}").ok();
        writer.put(IN_ROOM + "send/m.room.redaction/t1", "{\"redacts\":\"$event\",\"reason\":\"spam\"}")
                .ok();
        for (var received : writer.rooms().received()) {
            SendEvent command = (SendEvent) received.command();
            assertThat(command.type()).isEqualTo("m.room.redaction");
            assertThat(String.valueOf(command.redacts())).isEqualTo("$event");
            assertThat(text(command)).isEqualTo("{\"reason\":\"spam\"}");
        }
    }

    @Test
    void memberEventCarriesProfileOfWhomItIsAbout() {
        writer.put(IN_ROOM + "state/m.room.member/" + BOB, "{\"membership\":\"invite\"}")
                .ok();
        var profile = writer.rooms().only(SendEvent.class).profile();
        assertThat(profile).isNotNull();
        assertThat(profile.displayName()).isEqualTo("BOB");
    }

    @Test
    void rejectsWhatNoRoomCouldTake() {
        writer.put("rooms/room/send/m.a/t", "{}").isRefused(400, "M_INVALID_PARAM");
        writer.put(IN_ROOM + "redact/event/t", "{}").isRefused(400, "M_INVALID_PARAM");
        writer.put(IN_ROOM + "redact/$event/t", "{\"reason\":1}").isRefused(400, "M_BAD_JSON");
        writer.put(IN_ROOM + "send/m.room.redaction/t", "{}").isRefused(400, "M_MISSING_PARAM");
        writer.put(IN_ROOM + "send/m.room.redaction/t", "{\"redacts\":1}").isRefused(400, "M_BAD_JSON");
        writer.put(IN_ROOM + "send/m.room.redaction/t", "{\"redacts\":\"e\"}").isRefused(400, "M_INVALID_PARAM");
        writer.put(IN_ROOM + "send/m.room.member/t", "{\"membership\":\"join\"}")
                .isRefused(400, "M_INVALID_PARAM");
        writer.put(IN_ROOM + "state/m.room.create", "{}").isRefused(403, "M_FORBIDDEN");
        writer.put(IN_ROOM + "state/m.room.member/bob", "{\"membership\":\"join\"}")
                .isRefused(400, "M_INVALID_PARAM");
        writer.put(IN_ROOM + "state/m.room.member/" + BOB, "{\"membership\":\"owner\"}")
                .isRefused(400, "M_BAD_JSON");
        writer.put(IN_ROOM + "state/m.room.member/" + BOB, "{}").isRefused(400, "M_BAD_JSON");
        writer.put(IN_ROOM + "state/m.room.member/@eve:elsewhere", "{\"membership\":\"invite\"}")
                .isRefused(403, "M_FORBIDDEN");
        writer.put(IN_ROOM + "send/m.a/" + "t".repeat(256), "{}").isRefused(400, "M_INVALID_PARAM");
        writer.put(IN_ROOM + "send/" + "t".repeat(256) + "/t", "{}").isRefused(413, "M_TOO_LARGE");
        writer.put(IN_ROOM + "send/m.a/t", "{\"a\":\"" + "x".repeat(65_536) + "\"}")
                .isRefused(413, "M_TOO_LARGE");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1.5}", "{\"a\":1,\"a\":2}", "{\"a\":9007199254740992}", "[]", "7"})
    void rejectsJsonThatMatrixDoesNotTake(String body) {
        writer.put(IN_ROOM + "send/m.a/t", body).isRefused(400, "M_BAD_JSON");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void rejectsWhatIsNoJson() {
        writer.put(IN_ROOM + "send/m.a/t", "{").isRefused(400, "M_NOT_JSON");
        writer.put(IN_ROOM + "state/m.a", "").isRefused(400, "M_NOT_JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ban\":\"50\"}",
                "{\"users\":{\"@alice:localhost\":\"100\"}}",
                "{\"users\":{\"alice\":100}}",
                "{\"events\":[]}",
                "{\"notifications\":{\"room\":null}}"
            })
    void rejectsPowerLevelsThatAreNoIntegers(String content) {
        writer.put(IN_ROOM + "state/m.room.power_levels", content).isRefused(400, "M_BAD_JSON");
        writer.post("createRoom", "{\"power_level_content_override\":" + content + "}")
                .isRefused(400, "M_BAD_JSON");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void needsAnAccessToken() {
        writer.as(null, "PUT", IN_ROOM + "send/m.a/t", "{}").isRefused(401, "M_MISSING_TOKEN");
    }

    @Test
    void rejectsRedactionsOfGuests() {
        writer.as(GUEST, "PUT", IN_ROOM + "redact/$e/t", "{}").isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
    }

    @Test
    void whoIsAGuestSaysSoInTheirOwnJoinAndNobodyElseDoes() {
        String path = IN_ROOM + "state/m.room.member/";
        writer.rooms().room(ROOM, BOB).state(ROOM, BOB, "m.room.guest_access", "", "{\"guest_access\":\"can_join\"}");
        writer.as(GUEST, "PUT", path + GUEST, "{\"membership\":\"join\"}").ok();
        writer.put(path + ALICE, "{\"kind\":\"guest\",\"membership\":\"join\"}").ok();
        assertThat(writer.rooms().received().stream().map(received -> text((SendEvent) received.command())))
                .containsExactly("{\"kind\":\"guest\",\"membership\":\"join\"}", "{\"membership\":\"join\"}");
    }

    @Test
    void canonicalAliasesMustPointToTheRoom() {
        String path = IN_ROOM + "state/m.room.canonical_alias";
        writer.rooms()
                .room(ROOM, ALICE)
                .state(ROOM, ALICE, "m.room.canonical_alias", "", "{\"alias\":\"#listed:localhost\"}")
                .alias(RoomAlias.parse("#here:localhost"), ROOM)
                .alias(RoomAlias.parse("#there:localhost"), RoomId.parse("!other:localhost"));
        writer.put(path, "{\"alias\":\"#there:localhost\"}").isRefused(400, "M_BAD_ALIAS");
        writer.put(path, "{\"alias\":\"#nowhere:localhost\"}").isRefused(400, "M_BAD_ALIAS");
        writer.put(path, "{\"alias\":\"#here:elsewhere\"}").isRefused(400, "M_BAD_ALIAS");
        writer.put(path, "{\"alt_aliases\":[\"#here:localhost\",\"#there:localhost\"]}")
                .isRefused(400, "M_BAD_ALIAS");
        writer.put(path, "{\"alias\":\"here\"}").isRefused(400, "M_INVALID_PARAM");
        writer.put(path, "{\"alias\":1}").isRefused(400, "M_INVALID_PARAM");
        writer.put(path, "{\"alt_aliases\":\"#here:localhost\"}").isRefused(400, "M_INVALID_PARAM");
        assertThat(writer.rooms().received()).isEmpty();
        writer.put(path, "{\"alias\":\"#here:localhost\",\"alt_aliases\":[\"#listed:localhost\"]}")
                .ok();
        writer.put(path, "{\"alias\":null}").ok();
    }

    private static String text(SendEvent command) {
        return new String(command.content(), StandardCharsets.UTF_8);
    }
}
