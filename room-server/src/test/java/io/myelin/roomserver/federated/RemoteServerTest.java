package io.myelin.roomserver.federated;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import org.junit.jupiter.api.Test;

class RemoteServerTest {
    private static final RemoteServer SERVER = RemoteServer.named("one.example");

    @Test
    void knowsWhatItHasSigned() {
        Pdu event = SERVER.sign(new EventTemplate(
                        RoomVersions.V11, SERVER.user("alice"), EventTypes.MESSAGE, JsonObject.of("body", "hello"))
                .roomId(new RoomId("!room:one.example")));
        assertThat(SERVER.hasSigned(event)).isTrue();
        assertThat(RemoteServer.named("two.example").hasSigned(event)).isFalse();
        assertThat(SERVER.withUnknownKey().hasSigned(event)).isFalse();
    }

    @Test
    void hasAKeyThatFollowsFromItsName() {
        assertThat(RemoteServer.named("one.example").verifyKey()).isEqualTo(SERVER.verifyKey());
        assertThat(RemoteServer.named("two.example").verifyKey()).isNotEqualTo(SERVER.verifyKey());
        assertThat(SERVER.withUnknownKey().verifyKey()).isNotEqualTo(SERVER.verifyKey());
        assertThat(SERVER.withUnknownKey().key().keyId()).isEqualTo(SERVER.key().keyId());
    }
}
