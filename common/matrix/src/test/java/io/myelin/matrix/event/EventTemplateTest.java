package io.myelin.matrix.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTemplateTest {
    private static final ServerName SERVER = new ServerName("example.org");
    private static final UserId ALICE = new UserId("@alice:example.org");
    private static final RoomId ROOM = new RoomId("!room:example.org");
    private static final SigningKey KEY = SigningKey.generate("ed25519:k", new Random(7));
    private static final EventId PREVIOUS = EventId.ofReferenceHash(new byte[32]);

    @ParameterizedTest
    @ValueSource(strings = {"10", "11", "12"})
    void signedEventHoldsUpToItsReceivers(String id) {
        RoomVersion version = RoomVersions.find(id).orElseThrow();
        Pdu event = message(version, "hello").sign(SERVER, KEY);

        Pdu received = Pdu.parse(version, event.bytes());
        assertThat(received).isEqualTo(event).hasSameHashCodeAs(event);
        assertThat(received.json()).isEqualTo(event.json());
        assertThat(received.bytes()).isEqualTo(event.bytes());
        assertThat(EventHashes.contentHashMatches(received.json())).isTrue();
        assertThat(EventSignatures.verify(version, received.json(), SERVER, "ed25519:k", KEY.verifyKey()))
                .isTrue();
        assertThat(received.bearsSignatureOf(SERVER)).isTrue();
        assertThat(received.bearsSignatureOf(new ServerName("other.org"))).isFalse();
    }

    @Test
    void eventHasWhatTheTemplateSays() {
        Pdu event = new EventTemplate(RoomVersions.V11, ALICE, "m.room.topic", JsonObject.of("topic", "t"))
                .roomId(ROOM)
                .stateKey("")
                .prevEvents(List.of(PREVIOUS))
                .authEvents(List.of(PREVIOUS, PREVIOUS))
                .depth(12)
                .originServerTs(1_700_000_000_000L)
                .sign(SERVER, KEY);
        assertThat(event.version()).isEqualTo(RoomVersions.V11);
        assertThat(event.roomId()).isEqualTo(ROOM);
        assertThat(event.sender()).isEqualTo(ALICE);
        assertThat(event.is("m.room.topic", "")).isTrue();
        assertThat(event.key()).hasToString("(m.room.topic, )");
        assertThat(event.content()).isEqualTo(JsonObject.of("topic", "t"));
        assertThat(event.contentBytes()).asString(UTF_8).isEqualTo("{\"topic\":\"t\"}");
        assertThat(event.prevEvents()).containsExactly(PREVIOUS);
        assertThat(event.authEvents()).containsExactly(PREVIOUS, PREVIOUS);
        assertThat(event.depth()).isEqualTo(12);
        assertThat(event.originServerTs()).isEqualTo(1_700_000_000_000L);
        assertThat(event.redacts()).isNull();
        Pdu stored = Pdu.stored(RoomVersions.V11, event.eventId(), event.bytes());
        assertThat(stored.json()).isEqualTo(event.json());
    }

    @Test
    void redactionNamesItsTargetWhereTheVersionWantsIt() {
        for (RoomVersion version : RoomVersions.supported()) {
            Pdu redaction = new EventTemplate(version, ALICE, "m.room.redaction", JsonObject.of("reason", "spam"))
                    .roomId(ROOM)
                    .redacts(PREVIOUS)
                    .sign(SERVER, KEY);
            assertThat(redaction.redacts()).isEqualTo(PREVIOUS);
            assertThat(redaction.json().has("redacts")).isEqualTo(version.equals(RoomVersions.V10));
            assertThat(redaction.content().has("redacts")).isNotEqualTo(version.equals(RoomVersions.V10));
        }
    }

    @Test
    void createEventOfVersion12IsItsRoomId() {
        Pdu create = new EventTemplate(RoomVersions.V12, ALICE, "m.room.create", JsonObject.of("room_version", "12"))
                .stateKey("")
                .unsigned();
        String hash = UnpaddedBase64.encodeUrlSafe(EventHashes.referenceHash(RoomVersions.V12, create.json()));
        assertThat(create.json().has("room_id")).isFalse();
        assertThat(create.roomId()).isEqualTo(RoomId.parse("!" + hash));
        assertThat(create.eventId()).isEqualTo(EventId.parse("$" + hash));
        assertThat(create.roomId().createEvent()).contains(create.eventId());
    }

    @Test
    void signatureLeavesTheIdAlone() {
        Pdu unsigned = message(RoomVersions.V12, "hello").unsigned();
        assertThat(unsigned.bearsSignatureOf(SERVER)).isFalse();
        assertThat(unsigned.signedBy(SERVER, KEY).json())
                .isEqualTo(message(RoomVersions.V12, "hello").sign(SERVER, KEY).json());
        assertThat(unsigned.signedBy(SERVER, KEY)).isEqualTo(unsigned);
    }

    @Test
    void redactionLeavesTheIdAlone() {
        Pdu event = message(RoomVersions.V12, "secret").sign(SERVER, KEY);
        Pdu redacted = event.redacted();
        assertThat(redacted.content()).isEqualTo(JsonObject.EMPTY);
        assertThat(Pdu.parse(RoomVersions.V12, redacted.bytes()).eventId()).isEqualTo(event.eventId());
    }

    @Test
    void otherEventsNeedTheirRoom() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        new EventTemplate(RoomVersions.V12, ALICE, "m.room.message", JsonObject.EMPTY).unsigned());
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> new EventTemplate(RoomVersions.V11, ALICE, "m.room.create", JsonObject.EMPTY).unsigned());
    }

    @Test
    void depthEndsAtTheLargestInteger() {
        assertThat(message(RoomVersions.V12, "x")
                        .depth(Long.MAX_VALUE)
                        .unsigned()
                        .depth())
                .isEqualTo(JsonNumber.MAX);
    }

    @Test
    void eventEndsAt65536Bytes() {
        int frame = message(RoomVersions.V12, "").sign(SERVER, KEY).bytes().length;
        String longest = "x".repeat(65_536 - frame);
        assertThat(message(RoomVersions.V12, longest).sign(SERVER, KEY).bytes()).hasSize(65_536);
        assertThatExceptionOfType(EventTooLarge.class)
                .isThrownBy(() -> message(RoomVersions.V12, longest + "x").sign(SERVER, KEY))
                .withMessageContaining("65537");
        assertThatExceptionOfType(EventTooLarge.class)
                .isThrownBy(() -> message(RoomVersions.V12, "ü".repeat(40_000)).sign(SERVER, KEY));
    }

    @Test
    void fieldsEndAt255Bytes() {
        assertThat(template("t".repeat(255))
                        .stateKey("k".repeat(255))
                        .sign(SERVER, KEY)
                        .type())
                .hasSize(255);
        assertThatExceptionOfType(EventTooLarge.class)
                .isThrownBy(() -> template("t".repeat(256)).sign(SERVER, KEY))
                .withMessageContaining("type");
        assertThatExceptionOfType(EventTooLarge.class)
                .isThrownBy(() -> template("t").stateKey("ü".repeat(128)).sign(SERVER, KEY))
                .withMessageContaining("state_key has 256 bytes");
        assertThatExceptionOfType(EventTooLarge.class)
                .isThrownBy(() ->
                        template("t").roomId(new RoomId("!" + "r".repeat(255))).sign(SERVER, KEY))
                .withMessageContaining("room_id");
    }

    private static EventTemplate template(String type) {
        return new EventTemplate(RoomVersions.V12, ALICE, type, JsonObject.EMPTY).roomId(ROOM);
    }

    private static EventTemplate message(RoomVersion version, String body) {
        return new EventTemplate(version, ALICE, "m.room.message", JsonObject.of("body", body))
                .roomId(ROOM)
                .prevEvents(List.of(PREVIOUS))
                .depth(3)
                .originServerTs(1_700_000_000_000L);
    }
}
