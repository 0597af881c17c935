package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static io.myelin.clientroomsend.RunningWriter.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a suspended user may send. Client-server API, "Account suspension". */
class SuspensionTest {
    private static final String IN_ROOM = "rooms/!room:localhost/";
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void room() {
        writer.rooms().reset();
        writer.rooms()
                .room(ROOM, ALICE)
                .state(ROOM, SUSPENDED, "m.room.member", SUSPENDED.value(), "{\"membership\":\"join\"}")
                .message(ROOM, SUSPENDED, "$theirs", "{}")
                .message(ROOM, ALICE, "$alices", "{}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT|rooms/!room:localhost/send/m.room.message/t1|{}",
                "PUT|rooms/!room:localhost/send/m.room.message/t1?org.matrix.msc4140.delay=5|{}",
                "PUT|rooms/!room:localhost/send/m.room.redaction/t1|{\"redacts\":\"$alices\"}",
                "PUT|rooms/!room:localhost/redact/$alices/t1|{}",
                "PUT|rooms/!room:localhost/redact/$unknown/t1|{}",
                "PUT|rooms/!room:localhost/state/m.room.topic|{}",
                "PUT|rooms/!room:localhost/state/m.room.member/@suspended:localhost|{\"membership\":\"join\"}",
                "PUT|rooms/!room:localhost/state/m.room.member/@alice:localhost|{\"membership\":\"leave\"}",
                "POST|rooms/!room:localhost/join|{}",
                "POST|join/!room:localhost|{}",
                "POST|knock/!room:localhost|{}",
                "POST|rooms/!room:localhost/invite|{\"user_id\":\"@bob:localhost\"}",
                "POST|rooms/!room:localhost/kick|{\"user_id\":\"@alice:localhost\"}",
                "POST|rooms/!room:localhost/ban|{\"user_id\":\"@alice:localhost\"}",
                "POST|createRoom|{}",
            })
    void isRefused(String method, String path, String body) {
        writer.as(SUSPENDED, method, path, body).isRefused(403, "M_USER_SUSPENDED");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void mayRedactTheirOwnEvents() {
        writer.as(SUSPENDED, "PUT", IN_ROOM + "redact/$theirs/t1", "{}").ok();
        writer.as(SUSPENDED, "PUT", IN_ROOM + "send/m.room.redaction/t2", "{\"redacts\":\"$theirs\"}")
                .ok();
        assertThat(writer.rooms().all(SendEvent.class)).hasSize(2);
    }

    @Test
    void mayLeave() {
        writer.as(SUSPENDED, "POST", IN_ROOM + "leave", "{}").ok();
        writer.as(SUSPENDED, "PUT", IN_ROOM + "state/m.room.member/@suspended:localhost", "{\"membership\":\"leave\"}")
                .ok();
    }
}
