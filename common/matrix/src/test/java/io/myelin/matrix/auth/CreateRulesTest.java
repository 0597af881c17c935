package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.AuthResultAssert.assertThat;
import static io.myelin.matrix.auth.TestRoom.json;
import static io.myelin.matrix.auth.TestUser.ALICE;

import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 1. */
class CreateRulesTest {
    private static final RoomId OF_ALICES_SERVER = new RoomId("!room:one.example");

    @Test
    void allowsCreateEvents() {
        assertThat(check(v10("{'creator':'@alice:one.example','room_version':'10'}")))
                .isAllowed();
        assertThat(check(v11("{'room_version':'11'}"))).isAllowed();
        assertThat(check(v12("{'room_version':'12'}"))).isAllowed();
    }

    @Test
    void rejectsCreateEventAfterAnother() {
        List<EventId> previous = List.of(EventId.ofReferenceHash(new byte[32]));
        assertThat(check(v11("{}").prevEvents(previous))).isRejectedBy("1.1");
        assertThat(check(v12("{}").prevEvents(previous))).isRejectedBy("1.1");
    }

    @Test
    void rejectsRoomIdOfAnotherServerUpToVersion11() {
        for (RoomVersion version : RoomVersions.supported().subList(0, 11)) {
            assertThat(check(create(version, "{'creator':'@alice:one.example'}")
                            .roomId(new RoomId("!room:two.example"))))
                    .isRejectedBy("1.2");
        }
        assertThat(check(v11("{}").roomId(RoomId.ofCreateEvent(EventId.ofReferenceHash(new byte[32])))))
                .isRejectedBy("1.2");
    }

    @Test
    void rejectsRoomIdInVersion12() {
        assertThat(check(v12("{}").roomId(OF_ALICES_SERVER))).isRejectedBy("1.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'room_version':'org.example.unknown'}", "{'room_version':12}", "{'room_version':null}"})
    void rejectsUnknownVersion(String content) {
        assertThat(check(v12(content))).isRejectedBy("1.3");
        assertThat(check(v11(content))).isRejectedBy("1.3");
    }

    @Test
    void wantsCreatorInContentUpToVersion10() {
        for (RoomVersion version : RoomVersions.supported().subList(0, 10)) {
            assertThat(check(create(version, "{}").roomId(OF_ALICES_SERVER))).isRejectedBy("1.4");
            assertThat(check(create(version, "{'creator':'@alice:one.example'}").roomId(OF_ALICES_SERVER)))
                    .isAllowed();
        }
        assertThat(check(v11("{}"))).isAllowed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'@bob:one.example'", "null", "{}", "[1]", "['bob']", "['@bob:one.example','@bob']"})
    void wantsAdditionalCreatorsOfVersion12ToBeUserIds(String creators) {
        assertThat(check(v12("{'additional_creators':" + creators + "}"))).isRejectedBy("1.4");
        assertThat(check(v11("{'additional_creators':" + creators + "}"))).isAllowed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "['@bob:one.example']", "['@bob:one.example','@carol:two.example']"})
    void allowsAdditionalCreators(String creators) {
        assertThat(check(v12("{'additional_creators':" + creators + "}"))).isAllowed();
    }

    private static EventTemplate v10(String content) {
        return create(RoomVersions.V10, content).roomId(OF_ALICES_SERVER);
    }

    private static EventTemplate v11(String content) {
        return create(RoomVersions.V11, content).roomId(OF_ALICES_SERVER);
    }

    private static EventTemplate v12(String content) {
        return create(RoomVersions.V12, content);
    }

    private static EventTemplate create(RoomVersion version, String content) {
        return new EventTemplate(version, ALICE.id(), "m.room.create", json(content)).stateKey("");
    }

    private static AuthResult check(EventTemplate template) {
        Pdu event = template.unsigned();
        return AuthRules.check(event, (type, stateKey) -> null);
    }
}
