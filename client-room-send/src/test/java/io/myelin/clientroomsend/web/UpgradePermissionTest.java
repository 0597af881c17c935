package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.GUEST;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static io.myelin.clientroomsend.web.UpgradingWriter.UPGRADE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which users may upgrade a room, and to which versions. */
class UpgradePermissionTest {
    private final UpgradingWriter upgrading = new UpgradingWriter();

    @Test
    void rejectsRoomThatIsNotThere() {
        upgrading.upgrade("!none:localhost", "{'new_version':'11'}").isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void rejectsWhoIsNotInTheRoom() {
        upgrading.as(BOB, "POST", UPGRADE, "{\"new_version\":\"11\"}").isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void rejectsMemberWhoMayNotEndTheRoom() {
        upgrading.rooms().state(ROOM, BOB, "m.room.member", BOB.value(), "{\"membership\":\"join\"}");
        upgrading.as(BOB, "POST", UPGRADE, "{\"new_version\":\"11\"}").isRefused(403, "M_FORBIDDEN");
    }

    @Test
    void rejectsGuests() {
        upgrading.as(GUEST, "POST", UPGRADE, "{\"new_version\":\"11\"}").isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 400 | M_MISSING_PARAM",
                "{'new_version':null} | 400 | M_MISSING_PARAM",
                "{'new_version':11} | 400 | M_BAD_JSON",
                "{'new_version':'13'} | 400 | M_UNSUPPORTED_ROOM_VERSION",
                "{'new_version':'12','additional_creators':'@bob:localhost'} | 400 | M_BAD_JSON",
                "{'new_version':'12','additional_creators':[1]} | 400 | M_BAD_JSON",
                "{'new_version':'12','additional_creators':['bob']} | 400 | M_INVALID_PARAM",
            })
    void rejectsWhatIsNoUpgrade(String body, int status, String errcode) {
        upgrading.upgrade(ROOM.value(), body).isRefused(status, errcode);
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(upgrading.rooms().received()).isEmpty();
    }
}
