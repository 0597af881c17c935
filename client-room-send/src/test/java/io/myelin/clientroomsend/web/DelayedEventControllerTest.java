package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.clientroomsend.FakeRooms;
import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.room.ClientRequest;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelayedEventControllerTest {
    private static final String SEND = "rooms/!room:localhost/send/m.room.message/";
    private static final String STATE = "rooms/!room:localhost/state/org.example.call/@alice:localhost";
    private static final String DELAY = "?org.matrix.msc4140.delay=";
    private static final String UNSTABLE = "/_matrix/client/unstable/org.matrix.msc4140/";
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void aRoom() {
        writer.rooms().reset();
        writer.delayedEvents().reset();
        writer.rooms().room(ROOM, ALICE);
    }

    private static RunningWriter.Answer act(@Nullable UserId user, String path, String body) {
        return writer.at(user, "POST", UNSTABLE + "delayed_events/" + path, body);
    }

    private static JsonObject list() {
        return writer.at(ALICE, "GET", UNSTABLE + "delayed_events", null).ok();
    }

    private static List<Json> listed(String which) {
        return list().array(which).orElseThrow().stream().toList();
    }

    private static String scheduled(String path, String content) {
        return writer.put(path, content).ok().string("delay_id").orElseThrow();
    }

    @Test
    void schedulesMessagesAndState() {
        String message = scheduled(SEND + "1" + DELAY + "5000", "{\"body\":\"later\"}");
        String state = scheduled(STATE + DELAY + "1000", "{}");
        assertThat(message).isNotEqualTo(state).hasSizeGreaterThan(30);
        assertThat(writer.rooms().received()).isEmpty();
        var first = (JsonObject) listed("delayed_events").getFirst();
        assertThat(first.string("delay_id")).contains(message);
        assertThat(first.string("room_id")).contains(ROOM.value());
        assertThat(first.integer("delay_ms")).hasValue(5000);
        assertThat(first.object("content").orElseThrow().string("body")).contains("later");
        assertThat(first.has("state_key")).isFalse();
    }

    @Test
    void schedulesByTheNewestTextsEndpoint() {
        String path = UNSTABLE + "rooms/!room:localhost/delayed_event/org.example.call/txn";
        String body = "{\"delay_ms\":10,\"state_key\":\"x\",\"content\":{\"a\":1}}";
        String id = writer.at(ALICE, "PUT", path, body).ok().string("delay_id").orElseThrow();
        assertThat(writer.at(ALICE, "PUT", path, body).ok().string("delay_id")).contains(id);
        JsonObject found =
                writer.at(ALICE, "GET", UNSTABLE + "delayed_events/" + id, null).ok();
        assertThat(found.string("state_key")).contains("x");
        writer.at(ALICE, "PUT", path, "{\"content\":{}}").isRefused(400, "M_MISSING_PARAM");
        writer.at(ALICE, "PUT", path, "{\"delay_ms\":10}").isRefused(400, "M_MISSING_PARAM");
    }

    @Test
    void aRepeatedRequestSchedulesOnce() {
        String id = scheduled(SEND + "same" + DELAY + "5000", "{}");
        assertThat(scheduled(SEND + "same" + DELAY + "5000", "{}")).isEqualTo(id);
        assertThat(listed("delayed_events")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "99999999999999999999"})
    void refusesDelaysThatAreNone(String delay) {
        writer.put(SEND + "1" + DELAY + delay, "{}").isRefused(400, "M_INVALID_PARAM");
    }

    @Test
    void refusesWhatIsTooLongTooLargeTooManyOrInNoRoom() {
        writer.put(SEND + "1" + DELAY + "86400001", "{}").isRefused(403, "M_FORBIDDEN");
        writer.put(SEND + "1" + DELAY + "5000", "{\"a\":\"" + "x".repeat(70_000) + "\"}")
                .isRefused(413, "M_TOO_LARGE");
        writer.put("rooms/!none:localhost/send/m.room.message/1" + DELAY + "5000", "{}")
                .isRefused(404, "M_NOT_FOUND");
        for (int i = 0; i < 100; i++) {
            scheduled(SEND + "n" + i + DELAY + "5000", "{}");
        }
        writer.put(SEND + "last" + DELAY + "5000", "{}").isRefused(429, "M_LIMIT_EXCEEDED");
    }

    @Test
    void sendsOnceWhenTheTimeHasCome() {
        String id = scheduled(STATE + DELAY + "1000", "{\"left\":true}");
        writer.delayedEvents().letPass();
        await().untilAsserted(() -> assertThat(listed("finalised")).hasSize(1));
        assertThat(writer.rooms().received()).hasSize(1);
        var sent = (SendEvent) writer.rooms().received().getFirst().command();
        assertThat(sent.stateKey()).isEqualTo(ALICE.value());
        assertThat(sent.requester().user()).isEqualTo(ALICE);
        // So its sender learns by /sync which of the scheduled events it is.
        assertThat(new ClientRequest(null, sent.requester().transactionId()).delayId())
                .isEqualTo(id);
        assertThat(writer.rooms().received().getFirst().transaction()).isNotNull();
        var finalised = (JsonObject) listed("finalised").getFirst();
        assertThat(finalised.string("delay_id")).contains(id);
        assertThat(finalised.string("event_id")).contains(FakeRooms.SENT.value());
    }

    @Test
    void aFailureThatPassesIsTriedAgainUnderTheSameTransaction() {
        writer.rooms().refuse(503, "M_UNKNOWN");
        scheduled(SEND + "1" + DELAY + "1000", "{}");
        writer.delayedEvents().letPass();
        await().untilAsserted(() -> assertThat(listed("finalised")).hasSize(1));
        assertThat(writer.rooms().received()).hasSize(2);
        assertThat(writer.rooms().received().getFirst().transaction())
                .isEqualTo(writer.rooms().received().getLast().transaction());
        assertThat(((JsonObject) listed("finalised").getFirst()).has("error")).isFalse();
    }

    @Test
    void theEventsOfARoomAreSentInTheOrderOfTheirTimes() {
        for (int i = 0; i < 20; i++) {
            scheduled(SEND + "n" + i + DELAY + "1000", "{\"n\":" + i + "}");
        }
        writer.delayedEvents().letPass();
        await().untilAsserted(() -> assertThat(listed("finalised")).hasSize(20));
        assertThat(writer.rooms().received())
                .extracting(received -> new String(((SendEvent) received.command()).content(), StandardCharsets.UTF_8))
                .containsExactlyElementsOf(IntStream.range(0, 20)
                        .mapToObj(i -> "{\"n\":" + i + "}")
                        .toList());
    }

    @Test
    void aRefusalIsFinalAndShownInTheList() {
        writer.rooms().refuse(403, "M_FORBIDDEN");
        scheduled(SEND + "1" + DELAY + "1000", "{}");
        writer.delayedEvents().letPass();
        await().untilAsserted(() -> assertThat(listed("finalised")).hasSize(1));
        var finalised = (JsonObject) listed("finalised").getFirst();
        assertThat(finalised.object("error").orElseThrow().string("errcode")).contains("M_FORBIDDEN");
        assertThat(finalised.has("event_id")).isFalse();
    }

    @Test
    void nothingIsSentForAnAccountThatIsClosedOrLocked() {
        scheduled(SEND + "1" + DELAY + "1000", "{}");
        writer.delayedEvents().closeAccounts();
        writer.delayedEvents().letPass();
        await().untilAsserted(() -> assertThat(listed("finalised")).hasSize(1));
        assertThat(writer.rooms().received()).isEmpty();
        var finalised = (JsonObject) listed("finalised").getFirst();
        assertThat(finalised.object("error").orElseThrow().string("errcode")).contains("M_FORBIDDEN");
    }

    @Test
    void restartsCancelsAndSendsByBothForms() {
        String id = scheduled(SEND + "1" + DELAY + "5000", "{}");
        act(ALICE, id, "{\"action\":\"restart\"}").ok();
        act(ALICE, id + "/restart", "").ok();
        act(ALICE, id + "/cancel", "{}").ok();
        act(ALICE, id, "{\"action\":\"cancel\"}").ok();
        act(ALICE, id, "{\"action\":\"restart\"}").isRefused(404, "M_NOT_FOUND");
        act(ALICE, id, "{\"action\":\"send\"}").isRefused(404, "M_NOT_FOUND");
        String other = scheduled(SEND + "2" + DELAY + "5000", "{}");
        act(ALICE, other + "/send", "").ok();
        act(ALICE, other, "{\"action\":\"send\"}").ok();
        act(ALICE, other, "{\"action\":\"cancel\"}").isRefused(404, "M_NOT_FOUND");
        assertThat(writer.rooms().received()).hasSize(1);
        act(ALICE, other, "{\"action\":\"dance\"}").isRefused(400, "M_INVALID_PARAM");
        act(ALICE, other, "{}").isRefused(400, "M_MISSING_PARAM");
        act(ALICE, "nothing", "{\"action\":\"send\"}").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void anEventThatCannotBeSentNowStaysScheduled() {
        writer.rooms().refuse(403, "M_FORBIDDEN");
        String id = scheduled(SEND + "1" + DELAY + "5000", "{}");
        act(ALICE, id + "/send", "").isRefused(403, "M_FORBIDDEN");
        assertThat(listed("delayed_events")).hasSize(1);
        act(ALICE, id + "/send", "").ok();
    }

    @Test
    void aServiceThatKnowsTheIdNeedsNoToken() {
        String id = scheduled(SEND + "1" + DELAY + "5000", "{}");
        act(null, id + "/restart", "").ok();
        act(null, id, "{\"action\":\"send\"}").ok();
        act(null, "guessed", "{\"action\":\"send\"}").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void anotherUserCannotTouchOrSeeIt() {
        String id = scheduled(SEND + "1" + DELAY + "5000", "{}");
        for (String action : List.of("restart", "cancel", "send")) {
            act(BOB, id + "/" + action, "").isRefused(404, "M_NOT_FOUND");
        }
        writer.at(BOB, "GET", UNSTABLE + "delayed_events/" + id, null).isRefused(404, "M_NOT_FOUND");
        assertThat(writer.at(BOB, "GET", UNSTABLE + "delayed_events", null)
                        .ok()
                        .array("delayed_events")
                        .orElseThrow())
                .isEmpty();
        writer.at(null, "GET", UNSTABLE + "delayed_events", null).isRefused(401, "M_MISSING_TOKEN");
        assertThat(writer.rooms().received()).isEmpty();
    }
}
