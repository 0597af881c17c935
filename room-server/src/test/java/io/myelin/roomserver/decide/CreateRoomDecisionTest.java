package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.refused;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomFact;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.event.EventSignatures;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreateRoomDecisionTest {

    @ParameterizedTest
    @MethodSource("io.myelin.matrix.room.RoomVersions#supported")
    void makesTheEventsInTheOrderOfTheSpecification(RoomVersion version) {
        TestRoom room = aRoom().version(version)
                .alias("#pub:example.org")
                .initially("m.room.encryption", "{\"algorithm\":\"m.megolm.v1.aes-sha2\"}")
                .name("The Pub")
                .topic("Beer")
                .inviting(BOB)
                .create();
        assertThat(room.story())
                .containsExactly(
                        "m.room.create",
                        "join",
                        "m.room.power_levels",
                        "m.room.canonical_alias",
                        "m.room.join_rules",
                        "m.room.history_visibility",
                        "m.room.guest_access",
                        "m.room.encryption",
                        "m.room.name",
                        "m.room.topic",
                        "invite");
        assertThat(room.state(EventTypes.TOPIC, "").toString()).contains("\"m.text\":[{\"body\":\"Beer\"");
        assertThat(room.membership(BOB)).isEqualTo(Membership.INVITE);
    }

    @Test
    void namesTheRoomByItsCreateEventInVersion12() {
        TestRoom room = aRoom().version("12").create();
        assertThat(room.id)
                .isEqualTo(RoomId.ofCreateEvent(room.events().getFirst().id()));
    }

    @Test
    void refusesARoomIdThatIsNotItsCreateEventsHash() {
        TestShard shard = new TestShard();
        RoomCommand.CreateRoom right = aRoom(shard).command();
        RoomCommand.CreateRoom wrong = new RoomCommand.CreateRoom(
                new RoomId("!" + "A".repeat(43)),
                right.requester(),
                right.profile(),
                right.version(),
                right.creationContent(),
                right.timestamp(),
                right.preset(),
                false,
                false,
                null,
                null,
                null,
                null,
                right.initialState(),
                right.invitees());
        assertThat(refused(shard.execute(wrong)).errcode()).isEqualTo("M_INVALID_PARAM");
    }

    @ParameterizedTest
    @MethodSource("io.myelin.matrix.room.RoomVersions#supported")
    void chainsAndSignsEveryEvent(RoomVersion version) {
        TestRoom room = aRoom().version(version).create();
        Pdu before = null;
        for (RoomFact.RoomEvent event : room.events()) {
            Pdu pdu = Pdu.parse(version, event.body());
            assertThat(pdu.eventId()).isEqualTo(event.id());
            assertThat(pdu.roomId()).isEqualTo(room.id);
            assertThat(pdu.depth()).isEqualTo(before == null ? 1 : before.depth() + 1);
            assertThat(pdu.prevEvents()).isEqualTo(before == null ? List.of() : List.of(before.eventId()));
            assertThat(EventSignatures.verify(
                            pdu.version(),
                            pdu.json(),
                            TestShard.SERVER,
                            TestShard.SIGNER.key().keyId(),
                            TestShard.SIGNER.key().verifyKey()))
                    .isTrue();
            before = pdu;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void citesWithTheirHashesUpToVersion2(String version) {
        TestRoom room = aRoom().version(version).create();
        room.says(ALICE, "Hello");
        RoomVersion old = room.now().version();
        Map<String, String> hashes = new HashMap<>();
        for (RoomFact.RoomEvent event : room.events()) {
            Pdu pdu = Pdu.parse(old, event.body());
            for (String cited : List.of("prev_events", "auth_events")) {
                for (Json reference : pdu.json().array(cited).orElseThrow()) {
                    String id = ((JsonString) ((JsonArray) reference).get(0)).value();
                    assertThat(((JsonArray) reference).get(1))
                            .isEqualTo(JsonObject.of("sha256", requireNonNull(hashes.get(id))));
                }
            }
            hashes.put(event.id().value(), UnpaddedBase64.encode(pdu.referenceHash()));
            assertThat(event.id().serverName()).contains(TestShard.SERVER);
        }
        assertThat(hashes).hasSize(room.events().size());
    }

    @ParameterizedTest
    @MethodSource("io.myelin.matrix.room.RoomVersions#supported")
    void isTheSameRoomWheneverItIsDecided(RoomVersion version) {
        assertThat(aRoom().version(version).create().events())
                .extracting(RoomFact.RoomEvent::id)
                .isEqualTo(aRoom().version(version).create().events().stream()
                        .map(RoomFact.RoomEvent::id)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"6, knock", "7, restricted", "9, knock_restricted"})
    void refusesJoinRulesOfLaterVersions(String version, String rule) {
        assertThat(refused(aRoom().version(version)
                                .initially(EventTypes.JOIN_RULES, "{\"join_rule\":\"" + rule + "\"}")
                                .answer())
                        .errcode())
                .isEqualTo("M_INVALID_PARAM");
    }

    @Test
    void givesTheCreatorPowerBeforeVersion12AndNoEntryFromThenOn() {
        assertThat(aRoom().version("11")
                        .create()
                        .state(EventTypes.POWER_LEVELS, "")
                        .toString())
                .contains("\"users\":{\"@alice:example.org\":100}")
                .contains("\"m.room.tombstone\":100");
        assertThat(aRoom().version("12")
                        .create()
                        .state(EventTypes.POWER_LEVELS, "")
                        .toString())
                .contains("\"users\":{}")
                .contains("\"m.room.tombstone\":150");
    }

    @Test
    void trustsInviteesOfATrustedPrivateChat() {
        TestRoom eleven = aRoom().version("11")
                .preset("trusted_private_chat")
                .inviting(BOB)
                .create();
        assertThat(eleven.now().powerLevels().user(BOB)).isEqualTo(100);
        TestRoom twelve = aRoom().version("12")
                .preset("trusted_private_chat")
                .alsoCreatedBy(BOB)
                .inviting(BOB)
                .create();
        assertThat(twelve.now().powerLevels().user(BOB)).isEqualTo(Long.MAX_VALUE);
        assertThat(twelve.state(EventTypes.POWER_LEVELS, "").toString()).contains("\"users\":{}");
    }

    @Test
    void publicRoomsAreOpenAndPublishedIfAsked() {
        TestRoom room = aRoom().preset("public_chat").published().create();
        assertThat(room.state(EventTypes.JOIN_RULES, "").string("join_rule")).contains("public");
        assertThat(room.now().get(EventTypes.GUEST_ACCESS, "")).isNull();
        assertThat(room.now().published()).isTrue();
        assertThat(room.shard.facts.getLast().fact()).isEqualTo(new RoomFact.DirectoryVisibilityChanged(room.id, true));
    }

    @Test
    void initialStateTakesThePlaceOfThePresets() {
        TestRoom room = aRoom().initially(EventTypes.JOIN_RULES, "{\"join_rule\":\"knock\"}")
                .create();
        assertThat(room.state(EventTypes.JOIN_RULES, "").string("join_rule")).contains("knock");
        assertThat(room.story()).containsOnlyOnce(EventTypes.JOIN_RULES);
    }

    @Test
    void invitesToADirectChatSaySo() {
        TestRoom room = aRoom().direct().inviting(BOB, BOB, CAROL).create();
        assertThat(room.state(EventTypes.MEMBER, BOB.value()).bool("is_direct")).contains(true);
        assertThat(room.state(EventTypes.MEMBER, BOB.value()).string("displayname"))
                .contains("bob");
        assertThat(room.story()).filteredOn("invite"::equals).hasSize(2);
    }

    @Test
    void overridesWholeMembersOfThePowerLevels() {
        TestRoom room = aRoom().powerLevels("{\"events\":{\"m.room.name\":7},\"invite\":33}")
                .create();
        assertThat(room.now().powerLevels().required(EventTypes.NAME, true)).isEqualTo(7);
        assertThat(room.now().powerLevels().required(EventTypes.AVATAR, true)).isEqualTo(50);
        assertThat(room.now().powerLevels().invite()).isEqualTo(33);
    }

    @Test
    void refusesARoomWhoseCreatorCouldNotFillIt() {
        assertThat(refused(aRoom().version("11")
                                .powerLevels("{\"users\":{}}")
                                .name("Mine")
                                .answer())
                        .errcode())
                .isEqualTo("M_INVALID_ROOM_STATE");
    }

    @Test
    void refusesPowerLevelsForCreatorsInVersion12() {
        assertThat(refused(aRoom().powerLevels("{\"users\":{\"@alice:example.org\":100}}")
                                .answer())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void refusesPowerLevelsAsStrings() {
        assertThat(refused(aRoom().powerLevels("{\"ban\":\"50\"}").answer()).errcode())
                .isEqualTo("M_BAD_JSON");
    }

    @Test
    void refusesAnUnknownPresetAndChangesNothing() {
        TestShard shard = new TestShard();
        assertThat(refused(aRoom(shard).preset("secret").answer()).errcode()).isEqualTo("M_INVALID_PARAM");
        assertThat(shard.facts).isEmpty();
        assertThat(shard.entities).isEmpty();
    }

    @Test
    void confirmsTheAliasByAnOrder() {
        TestRoom room = aRoom().alias("#pub:example.org").create();
        assertThat(room.shard.orders)
                .extracting(order -> Cbor.decode(order.command(), RoomCommand.class))
                .containsExactly(new RoomCommand.ConfirmAlias(new RoomAlias("#pub:example.org"), room.id, ALICE));
    }
}
