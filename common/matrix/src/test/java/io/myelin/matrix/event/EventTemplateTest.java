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
import io.myelin.matrix.json.JsonDecimal;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventTemplateTest {
    private static final ServerName SERVER = new ServerName("example.org");
    private static final UserId ALICE = new UserId("@alice:example.org");
    private static final RoomId ROOM = new RoomId("!room:example.org");
    private static final SigningKey KEY = SigningKey.generate("ed25519:k", new Random(7));
    private static final EventId PREVIOUS = EventId.ofReferenceHash(new byte[32]);
    private static final EventId NEW_ID = new EventId("$new:example.org");
    private static final EventId OTHER_ID = new EventId("$other:example.org");

    @ParameterizedTest
    @MethodSource("io.myelin.matrix.room.RoomVersions#supported")
    void signedEventHoldsUpToItsReceivers(RoomVersion version) {
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
                    .eventId(NEW_ID)
                    .roomId(ROOM)
                    .redacts(PREVIOUS)
                    .sign(SERVER, KEY);
            boolean isInContent = Integer.parseInt(version.id()) >= 11;
            assertThat(redaction.redacts()).isEqualTo(PREVIOUS);
            assertThat(redaction.json().has("redacts")).isNotEqualTo(isInContent);
            assertThat(redaction.content().has("redacts")).isEqualTo(isInContent);
        }
    }

    @Test
    void eventOfVersions1And2SaysItsIdAndTheHashesOfThoseItCites() {
        for (RoomVersion version : RoomVersions.supported().subList(0, 2)) {
            Pdu first = message(version, "first")
                    .eventId(NEW_ID)
                    .prevEvents(List.of())
                    .sign(SERVER, KEY);
            Pdu second = new EventTemplate(version, ALICE, "m.room.message", JsonObject.EMPTY)
                    .eventId(OTHER_ID)
                    .roomId(ROOM)
                    .prevEvents(List.of(first.eventId()))
                    .authEvents(List.of(first.eventId()))
                    .referenceHashes(Map.of(first.eventId(), first.referenceHash())::get)
                    .sign(SERVER, KEY);
            String hash = UnpaddedBase64.encode(first.referenceHash());
            assertThat(first.eventId()).isEqualTo(NEW_ID);
            assertThat(second.json().string("event_id")).contains(OTHER_ID.value());
            assertThat(second.json().get("prev_events"))
                    .hasToString("[[\"" + NEW_ID + "\",{\"sha256\":\"" + hash + "\"}]]");
            assertThat(second.json().get("auth_events")).isEqualTo(second.json().get("prev_events"));
            assertThat(second.prevEvents()).containsExactly(NEW_ID);
            assertThat(second.authEvents()).containsExactly(NEW_ID);
        }
    }

    @Test
    void eventOfVersions1And2GetsAnIdThatFollowsFromWhatItSays() {
        EventId id = unnamed("hello").sign(SERVER, KEY).eventId();
        assertThat(id.serverName()).contains(SERVER);
        assertThat(unnamed("hello").sign(SERVER, KEY).eventId()).isEqualTo(id);
        assertThat(unnamed("Hello").sign(SERVER, KEY).eventId()).isNotEqualTo(id);
        assertThat(unnamed("hello").depth(2).sign(SERVER, KEY).eventId()).isNotEqualTo(id);
    }

    private static EventTemplate unnamed(String body) {
        return new EventTemplate(RoomVersions.V1, ALICE, "m.room.message", JsonObject.of("body", body)).roomId(ROOM);
    }

    @Test
    void eventOfVersions1And2NeedsThoseHashes() {
        var template = unnamed("hello").prevEvents(List.of(PREVIOUS));
        assertThatIllegalStateException().isThrownBy(template::unsigned).withMessageContaining(PREVIOUS.value());
    }

    @Test
    void eventFromVersion3OnIsNamedByItsHashAlone() {
        Pdu inVersion3 = message(RoomVersions.V3, "hello").sign(SERVER, KEY);
        Pdu inVersion4 = message(RoomVersions.V4, "hello").sign(SERVER, KEY);
        assertThat(inVersion3.json().has("event_id")).isFalse();
        assertThat(inVersion3.eventId()).hasToString("$" + UnpaddedBase64.encode(inVersion3.referenceHash()));
        assertThat(inVersion4.eventId()).hasToString("$" + UnpaddedBase64.encodeUrlSafe(inVersion4.referenceHash()));
        assertThat(inVersion4.json()).isEqualTo(inVersion3.json());
    }

    @ParameterizedTest
    @MethodSource("io.myelin.matrix.room.RoomVersions#supported")
    void eventMadeHereIsCanonicalJsonInEveryVersion(RoomVersion version) {
        var template = new EventTemplate(version, ALICE, "m.room.message", JsonObject.of("a", new JsonDecimal("1.5")))
                .eventId(NEW_ID)
                .roomId(ROOM);
        assertThatExceptionOfType(InvalidEvent.class).isThrownBy(() -> template.sign(SERVER, KEY));
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
    void depthEndsAtTheLargestIntegerOfTheVersion() {
        for (RoomVersion version : RoomVersions.supported()) {
            Pdu deepest = message(version, "x").depth(Long.MAX_VALUE).unsigned();
            assertThat(deepest.depth())
                    .isEqualTo(Integer.parseInt(version.id()) >= 6 ? JsonNumber.MAX : Long.MAX_VALUE);
            assertThat(Pdu.parse(version, deepest.bytes()).depth()).isEqualTo(deepest.depth());
        }
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
                .eventId(NEW_ID)
                .roomId(ROOM)
                .prevEvents(List.of(PREVIOUS))
                .referenceHashes(Map.of(PREVIOUS, new byte[32])::get)
                .depth(3)
                .originServerTs(1_700_000_000_000L);
    }
}
