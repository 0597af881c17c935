package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ADMIN;
import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.account.Reports.Report;
import io.myelin.matrix.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportControllerTest {
    private static final String EVENT = "rooms/!room:localhost/report/$message";
    private static final String ADMIN_LIST = "/_synapse/admin/v1/event_reports";
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void aRoomWithAMessage() {
        writer.rooms().reset();
        writer.reports().reset();
        writer.rooms().room(ROOM, ALICE).message(ROOM, "$message", "{\"body\":\"rude\"}");
    }

    private static Report only() {
        assertThat(writer.reports().all()).hasSize(1);
        return writer.reports().all().getFirst().report();
    }

    @Test
    void reportsAnEventWithReasonAndScore() {
        writer.post(EVENT, "{\"reason\":\"rude\",\"score\":-50}").ok();
        assertThat(only().reason()).isEqualTo("rude");
        assertThat(only().score()).isEqualTo(-50);
        assertThat(only().body()).isNotNull();
        writer.post(EVENT, "{}").ok();
    }

    @Test
    void whoIsNotInTheRoomCannotReportItsEventsOrLearnOfThem() {
        writer.as(BOB, "POST", EVENT, "{\"reason\":\"x\"}").isRefused(404, "M_NOT_FOUND");
        writer.post("rooms/!room:localhost/report/$none", "{}").isRefused(404, "M_NOT_FOUND");
        writer.as(null, "POST", EVENT, "{}").isRefused(401, "M_MISSING_TOKEN");
        assertThat(writer.reports().all()).isEmpty();
    }

    @Test
    void refusesWrongFields() {
        writer.post(EVENT, "{\"reason\":1}").isRefused(400, "M_BAD_JSON");
        writer.post(EVENT, "{\"score\":\"1\"}").isRefused(400, "M_BAD_JSON");
        writer.post(EVENT, "{\"score\":1}").isRefused(400, "M_INVALID_PARAM");
        writer.post(EVENT, "{\"reason\":\"" + "x".repeat(10_001) + "\"}").isRefused(400, "M_INVALID_PARAM");
        writer.post("rooms/!room:localhost/report", "{}").isRefused(400, "M_MISSING_PARAM");
    }

    @Test
    void reportsARoomWithoutBeingInIt() {
        writer.as(BOB, "POST", "rooms/!room:localhost/report", "{\"reason\":\"\"}")
                .ok();
        assertThat(only().room()).isEqualTo(ROOM);
        assertThat(only().event()).isNull();
        writer.post("rooms/!none:localhost/report", "{\"reason\":\"x\"}").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void doesNotTellWhetherAReportedUserExists() {
        writer.post("users/@bob:localhost/report", "{\"reason\":\"rude\"}").ok();
        writer.post("users/@nobody:localhost/report", "{\"reason\":\"rude\"}").ok();
        assertThat(only().reported()).isEqualTo(BOB);
    }

    @Test
    void administratorsSeeAndDeleteReports() {
        writer.rooms().state(ROOM, ALICE, "m.room.name", "", "{\"name\":\"Kitchen\"}");
        writer.post(EVENT, "{\"reason\":\"rude\"}").ok();
        JsonObject list =
                writer.at(ADMIN, "GET", ADMIN_LIST + "?limit=10", null).ok();
        assertThat(list.integer("total")).hasValue(1);
        var first = (JsonObject) list.array("event_reports").orElseThrow().get(0);
        assertThat(first.string("name")).contains("Kitchen");
        assertThat(first.string("user_id")).contains(ALICE.value());
        assertThat(first.string("event_id")).contains("$message");
        assertThat(writer.at(ADMIN, "GET", ADMIN_LIST + "/1", null).ok().object("event_json"))
                .isPresent();
        writer.at(ADMIN, "DELETE", ADMIN_LIST + "/1", null).ok();
        writer.at(ADMIN, "GET", ADMIN_LIST + "/1", null).isRefused(404, "M_NOT_FOUND");
        writer.at(ADMIN, "GET", ADMIN_LIST + "?dir=x", null).isRefused(400, "M_INVALID_PARAM");
        writer.at(ADMIN, "GET", ADMIN_LIST + "?from=-1", null).isRefused(400, "M_INVALID_PARAM");
    }

    @Test
    void nobodyElseSeesReports() {
        writer.post(EVENT, "{}").ok();
        writer.at(ALICE, "GET", ADMIN_LIST, null).isRefused(403, "M_FORBIDDEN");
        writer.at(ALICE, "GET", ADMIN_LIST + "/1", null).isRefused(403, "M_FORBIDDEN");
        writer.at(ALICE, "DELETE", ADMIN_LIST + "/1", null).isRefused(403, "M_FORBIDDEN");
        assertThat(writer.reports().all()).hasSize(1);
    }
}
