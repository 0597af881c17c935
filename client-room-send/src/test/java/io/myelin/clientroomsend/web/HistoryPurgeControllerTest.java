package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ADMIN;
import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.clientroomsend.RunningWriter.Answer;
import io.myelin.clientroomsend.purge.PurgeId;
import io.myelin.contracts.room.RoomAdminCommand.PurgeHistory;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryPurgeControllerTest {
    private static final String PURGE = "/_synapse/admin/v1/purge_history/";
    private static final String STATUS = "/_synapse/admin/v1/purge_history_status/";
    private static final EventId EVENT = new EventId("$event");
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void aRoom() {
        writer.rooms().reset();
        writer.rooms().room(ROOM, ALICE);
    }

    private static Answer post(String path, @Nullable String body) {
        return writer.at(ADMIN, "POST", PURGE + path, body);
    }

    private static PurgeId purged(Answer answer) {
        return PurgeId.parse(answer.ok().string("purge_id").orElseThrow());
    }

    @Test
    void purgesUpToAnEventInThePathOrInTheBody() {
        writer.rooms().done(ROOM, 7);
        assertThat(purged(post(ROOM + "/" + EVENT, null))).isEqualTo(new PurgeId(ROOM, 7));
        assertThat(writer.rooms().only(PurgeHistory.class))
                .isEqualTo(new PurgeHistory(ROOM, EVENT, new ServerName("localhost")));

        writer.rooms().received().clear();
        writer.rooms().done(ROOM, 8);
        purged(post(ROOM.value(), "{\"purge_up_to_event_id\":\"$event\",\"delete_local_events\":true}"));
        assertThat(writer.rooms().only(PurgeHistory.class)).isEqualTo(new PurgeHistory(ROOM, EVENT, null));
    }

    @Test
    void isForAdministrators() {
        writer.at(ALICE, "POST", PURGE + ROOM + "/" + EVENT, "{}").isRefused(403, "M_FORBIDDEN");
        writer.at(ALICE, "POST", PURGE + ROOM, "{\"purge_up_to_ts\":1}").isRefused(403, "M_FORBIDDEN");
        writer.at(ALICE, "GET", STATUS + "nothing", null).isRefused(403, "M_FORBIDDEN");
        writer.at(null, "POST", PURGE + ROOM, "{}").isRefused(401, "M_MISSING_TOKEN");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"purge_up_to_ts\":\"yesterday\"}",
                "{\"purge_up_to_ts\":1.5}",
                "{\"purge_up_to_event_id\":7}",
                "{\"purge_up_to_ts\":1,\"delete_local_events\":\"all\"}"
            })
    void refusesWhatSaysNotUpToWhere(String body) {
        post(ROOM.value(), body).isRefused(400, "M_BAD_JSON");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void aRoomThatNobodyKnowsIsNotFound() {
        post("!unknown:localhost/" + EVENT, "{}").isRefused(404, "M_NOT_FOUND");
        post("!unknown:localhost", "{\"purge_up_to_ts\":1}").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void whatTheRoomRefusesIsRefused() {
        writer.rooms().refuse(400, "M_UNKNOWN");
        post(ROOM + "/" + EVENT, "{}").isRefused(400, "M_UNKNOWN");
    }

    private static String status(long number) {
        return writer.at(ADMIN, "GET", STATUS + new PurgeId(ROOM, number).text(), null)
                .ok()
                .string("status")
                .orElseThrow();
    }

    @Test
    void saysHowFarItIs() {
        writer.rooms().historyPurged(ROOM, 7, false);
        assertThat(status(7)).isEqualTo("active");
        assertThat(status(5)).isEqualTo("complete");
        writer.rooms().historyPurged(ROOM, 7, true);
        assertThat(status(7)).isEqualTo("complete");
    }

    @Test
    void knowsNothingOfAPurgeThatNeverWas() {
        writer.rooms().historyPurged(ROOM, 7, true);
        for (String id : new String[] {
            new PurgeId(ROOM, 8).text(), new PurgeId(new RoomId("!other:localhost"), 7).text(), "nothing", "Og"
        }) {
            writer.at(ADMIN, "GET", STATUS + id, null).isRefused(404, "M_NOT_FOUND");
        }
    }
}
