package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static io.myelin.clientroomsend.RunningWriter.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuspendedUserTest {
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void aRoomWithAMessageOfAlice() {
        writer.rooms().reset();
        writer.delayedEvents().reset();
        writer.rooms().room(ROOM, ALICE).message(ROOM, "$message", "{\"body\":\"hello\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | rooms/!room:localhost/send/m.room.message/1 | {}",
                "PUT | rooms/!room:localhost/state/m.room.topic | {\"topic\":\"x\"}",
                "PUT | rooms/!room:localhost/state/m.room.member/@suspended:localhost | {\"membership\":\"join\"}",
                "PUT | rooms/!room:localhost/redact/$message/2 | {}",
                "PUT | rooms/!room:localhost/typing/@suspended:localhost | {\"typing\":true,\"timeout\":1000}",
                "POST | join/!room:localhost | {}",
                "POST | rooms/!room:localhost/join | {}",
                "POST | knock/!room:localhost | {}",
                "POST | rooms/!room:localhost/invite | {\"user_id\":\"@bob:localhost\"}",
                "POST | rooms/!room:localhost/kick | {\"user_id\":\"@bob:localhost\"}",
                "POST | rooms/!room:localhost/ban | {\"user_id\":\"@bob:localhost\"}",
                "POST | rooms/!room:localhost/unban | {\"user_id\":\"@bob:localhost\"}",
                "POST | rooms/!room:localhost/upgrade | {\"new_version\":\"11\"}",
                "POST | createRoom | {}",
                "PUT | directory/room/%23alias:localhost | {\"room_id\":\"!room:localhost\"}"
            })
    void cannotWriteWhatOthersSee(String method, String path, String body) {
        writer.as(SUSPENDED, method, path, body).isRefused(403, "M_USER_SUSPENDED");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void canLeave() {
        writer.as(SUSPENDED, "POST", "rooms/!room:localhost/leave", "{}").ok();
        assertThat(writer.rooms().only(ChangeMembership.class).action()).isEqualTo(MembershipAction.LEAVE);
        writer.rooms().accept();
        writer.as(
                        SUSPENDED,
                        "PUT",
                        "rooms/!room:localhost/state/m.room.member/@suspended:localhost",
                        "{\"membership\":\"leave\"}")
                .ok();
    }

    @Test
    void canRedactTheirOwnEvents() {
        writer.rooms().messageOf(ROOM, SUSPENDED, "$own", "{\"body\":\"mine\"}");
        writer.as(SUSPENDED, "PUT", "rooms/!room:localhost/redact/$own/3", "{}").ok();
        assertThat(writer.rooms().only(SendEvent.class).redacts()).isNotNull();
    }
}
