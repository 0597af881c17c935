package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.GUEST;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.FakeRooms;
import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.ClaimAlias;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.DeleteAlias;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomCommand.SetDirectoryVisibility;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpgradeControllerTest {
    private static final String UPGRADE = "rooms/!room:localhost/upgrade";
    private static final RoomId NEW = RoomId.parse("!new:localhost");
    private static final RoomAlias PUB = RoomAlias.parse("#pub:localhost");
    private static final RoomAlias BAR = RoomAlias.parse("#bar:localhost");
    private static final String POWER_LEVELS = "{'users':{'@alice:localhost':100},'events':{'m.room.tombstone':100}}";
    private static RunningWriter writer;

    @BeforeAll
    static void start() {
        writer = new RunningWriter();
    }

    @AfterAll
    static void stop() {
        writer.close();
    }

    @BeforeEach
    void aRoomOfVersion10() {
        writer.rooms().reset();
        writer.rooms().room(ROOM, ALICE, "10");
        has("m.room.power_levels", POWER_LEVELS);
    }

    @Nested
    class Permission {
        @Test
        void rejectsRoomThatIsNotThere() {
            upgrade("!none:localhost", "{'new_version':'11'}").isRefused(404, "M_NOT_FOUND");
        }

        @Test
        void rejectsWhoIsNotInTheRoom() {
            writer.as(BOB, "POST", UPGRADE, "{\"new_version\":\"11\"}").isRefused(403, "M_FORBIDDEN");
        }

        @Test
        void rejectsMemberWhoMayNotEndTheRoom() {
            writer.rooms().state(ROOM, BOB, "m.room.member", BOB.value(), "{\"membership\":\"join\"}");
            writer.as(BOB, "POST", UPGRADE, "{\"new_version\":\"11\"}").isRefused(403, "M_FORBIDDEN");
        }

        @Test
        void rejectsGuests() {
            writer.as(GUEST, "POST", UPGRADE, "{\"new_version\":\"11\"}").isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
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
            upgrade(ROOM.value(), body).isRefused(status, errcode);
        }

        @AfterEach
        void nothingHasChanged() {
            assertThat(writer.rooms().received()).isEmpty();
        }
    }

    @Nested
    class Creation {
        @Test
        void namesTheTombstoneOfThePredecessor() {
            String answer =
                    upgraded("{'new_version':'11'}").string("replacement_room").orElseThrow();
            CreateRoom made = made();
            assertThat(made.room().value()).isEqualTo(answer).endsWith(":localhost");
            assertThat(made.version()).isEqualTo("11");
            assertThat(made.published()).isFalse();
            assertThat(parsed(made.creationContent()))
                    .isEqualTo(json("{'room_version':'11'," + "'predecessor':{'room_id':'!room:localhost','event_id':'"
                            + FakeRooms.SENT + "'}}"));
        }

        @Test
        void ofVersion12NamesTheLastEventBefore() {
            has("m.room.name", "{'name':'Pub'}");
            String answer =
                    upgraded("{'new_version':'12'}").string("replacement_room").orElseThrow();
            assertThat(made().room().value()).isEqualTo(answer);
            assertThat(parsed(made().creationContent()).object("predecessor"))
                    .contains(json("{'room_id':'!room:localhost','event_id':'$m.room.name'}"));
        }

        @Test
        void keepsTypeAndThatOtherServersStayOut() {
            has(
                    "m.room.create",
                    "{'room_version':'10','creator':'@alice:localhost','type':'m.space',"
                            + "'m.federate':false,'predecessor':{'room_id':'!older:localhost'},'x':1}");
            upgraded("{'new_version':'11'}");
            JsonObject content = parsed(made().creationContent());
            assertThat(content.names()).containsExactly("m.federate", "predecessor", "room_version", "type");
            assertThat(content.string("type")).contains("m.space");
            assertThat(content.bool("m.federate")).contains(false);
        }

        @Test
        void hasTheAdditionalCreatorsThatAreAskedFor() {
            upgraded("{'new_version':'12','additional_creators':['@bob:localhost','@alice:localhost']}");
            var creators = parsed(made().creationContent()).array("additional_creators");
            assertThat(creators.orElseThrow().strings()).containsExactly("@bob:localhost");
        }

        @Test
        void ignoresAdditionalCreatorsBeforeVersion12() {
            upgraded("{'new_version':'11','additional_creators':7}");
            assertThat(parsed(made().creationContent()).has("additional_creators"))
                    .isFalse();
        }

        @Test
        void copiesWhatTheRoomIsLike() {
            has("m.room.name", "{'name':'Pub'}");
            has("m.room.topic", "{'topic':'Beer'}");
            has("m.room.avatar", "{}");
            has("m.room.join_rules", "{'join_rule':'public'}");
            has("m.room.encryption", "{'algorithm':'m.megolm.v1.aes-sha2'}");
            has("m.room.pinned_events", "{'pinned':['$a']}");
            has("org.example.x", "{'a':1}");
            writer.rooms().state(ROOM, ALICE, "m.space.child", "!child:localhost", "{\"via\":[\"localhost\"]}");
            upgraded("{'new_version':'11'}");
            assertThat(state())
                    .containsExactly(
                            "m.room.join_rules||{\"join_rule\":\"public\"}",
                            "m.room.encryption||{\"algorithm\":\"m.megolm.v1.aes-sha2\"}",
                            "m.room.name||{\"name\":\"Pub\"}",
                            "m.room.topic||{\"topic\":\"Beer\"}",
                            "m.room.guest_access||{\"guest_access\":\"forbidden\"}",
                            "m.room.power_levels||" + json(POWER_LEVELS));
        }

        @Test
        void copiesTheRoomsOfASpace() {
            has("m.room.create", "{'room_version':'10','creator':'@alice:localhost','type':'m.space'}");
            writer.rooms().state(ROOM, ALICE, "m.space.child", "!child:localhost", "{\"via\":[\"localhost\"]}");
            writer.rooms().state(ROOM, ALICE, "m.space.child", "!gone:localhost", "{}");
            upgraded("{'new_version':'11'}");
            assertThat(state())
                    .contains("m.space.child|!child:localhost|{\"via\":[\"localhost\"]}")
                    .noneMatch(entry -> entry.contains("!gone"));
        }

        @Test
        void bansWhoIsBanned() {
            writer.rooms()
                    .state(ROOM, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"ban\",\"reason\":\"spam\"}")
                    .state(ROOM, ALICE, "m.room.member", "@eve:x", "{\"membership\":\"leave\"}");
            upgraded("{'new_version':'11'}");
            ChangeMembership ban = writer.rooms().all(ChangeMembership.class).getFirst();
            assertThat(ban.room()).isEqualTo(made().room());
            assertThat(ban.action()).isEqualTo(MembershipAction.BAN);
            assertThat(ban.target()).isEqualTo(BOB);
            assertThat(ban.reason()).isEqualTo("spam");
            assertThat(writer.rooms().all(ChangeMembership.class)).hasSize(1);
        }

        @Test
        void endsNoRoomThatCannotBeReplaced() {
            has("m.room.join_rules", "{'join_rule':'knock_restricted','allow':[]}");
            upgrade(ROOM.value(), "{'new_version':'9'}").isRefused(400, "M_INVALID_PARAM");
            has("m.room.create", "{'room_version':'10','creator':'@alice:localhost','type':'m.space'}");
            for (int child = 0; child < 25; child++) {
                String large = "{\"via\":[\"" + "x".repeat(50_000) + "\"]}";
                writer.rooms().state(ROOM, ALICE, "m.space.child", "!child" + child + ":localhost", large);
            }
            upgrade(ROOM.value(), "{'new_version':'11'}").isRefused(413, "M_TOO_LARGE");
            assertThat(writer.rooms().received()).isEmpty();
        }

        private List<String> state() {
            return made().initialState().stream()
                    .map(entry -> entry.type() + "|" + entry.stateKey() + "|"
                            + new String(entry.content(), StandardCharsets.UTF_8))
                    .toList();
        }
    }

    @Nested
    class AfterCreation {
        @Test
        void endsTheRoomAndRestrictsIt() {
            upgraded("{'new_version':'11'}");
            List<SendEvent> sent = writer.rooms().all(SendEvent.class);
            assertThat(sent).extracting(SendEvent::type).containsExactly("m.room.tombstone", "m.room.power_levels");
            assertThat(sent).extracting(SendEvent::room).containsOnly(ROOM);
            JsonObject tombstone = parsed(sent.getFirst().content());
            assertThat(tombstone.names()).containsExactly("body", "replacement_room");
            assertThat(tombstone.string("replacement_room"))
                    .contains(made().room().value());
            assertThat(parsed(sent.getLast().content()))
                    .isEqualTo(json(POWER_LEVELS).with("events_default", 50).with("invite", 50));
        }

        @Test
        void doesNotRestrictWhatIsRestrictedAlready() {
            has("m.room.power_levels", "{'users':{'@alice:localhost':100},'events_default':60,'invite':50}");
            upgraded("{'new_version':'11'}");
            assertThat(writer.rooms().all(SendEvent.class))
                    .extracting(SendEvent::type)
                    .containsExactly("m.room.tombstone");
        }

        @Test
        void answersThoughPowerIsMissingForTheRest() {
            writer.rooms().published(ROOM);
            for (int accepted = 0; accepted < 2; accepted++) {
                writer.rooms().accept();
            }
            for (int refused = 0; refused < 3; refused++) {
                writer.rooms().refuse(403, "M_FORBIDDEN");
            }
            upgraded("{'new_version':'11'}");
            assertThat(writer.rooms().received()).hasSize(5);
        }

        @Test
        void doesNotAnswerIfRoomServerFails() {
            writer.rooms().accept();
            writer.rooms().accept();
            writer.rooms().refuse(500, "M_UNKNOWN");
            upgrade(ROOM.value(), "{'new_version':'11'}").isRefused(500, "M_UNKNOWN");
        }

        @Test
        void movesAliasesAndWhatIsSaidOfThem() {
            writer.rooms().alias(PUB, ROOM);
            has(
                    "m.room.canonical_alias",
                    "{'alias':'#pub:localhost','alt_aliases':['#pub:elsewhere','#deleted:localhost']}");
            upgraded("{'new_version':'11'}");
            assertThat(writer.rooms().all(DeleteAlias.class)).containsExactly(new DeleteAlias(PUB, ALICE, true));
            ClaimAlias claim = writer.rooms().all(ClaimAlias.class).getFirst();
            assertThat(claim.alias()).isEqualTo(PUB);
            assertThat(claim.room()).isEqualTo(made().room());
            assertThat(claim.creator()).isEqualTo(ALICE);
            assertThat(claim.confirmed()).isTrue();
            assertThat(writer.rooms().all(SendEvent.class))
                    .filteredOn(event -> event.type().equals("m.room.canonical_alias"))
                    .extracting(event -> event.room() + " " + parsed(event.content()))
                    .containsExactly(
                            made().room() + " {\"alias\":\"#pub:localhost\"}",
                            ROOM + " {\"alt_aliases\":[\"#pub:elsewhere\"]}");
        }

        @Test
        void movesThePlaceInTheDirectory() {
            writer.rooms().published(ROOM);
            upgraded("{'new_version':'11'}");
            assertThat(writer.rooms().all(SetDirectoryVisibility.class))
                    .containsExactly(
                            new SetDirectoryVisibility(made().room(), ALICE, true),
                            new SetDirectoryVisibility(ROOM, ALICE, false));
        }
    }

    /** The room says where it went, but there is no such room yet. */
    @Nested
    class Promised {
        @Test
        void isMade() {
            has("m.room.tombstone", "{'replacement_room':'!new:localhost'}");
            assertThat(upgraded("{'new_version':'11'}").string("replacement_room"))
                    .contains(NEW.value());
            assertThat(made().room()).isEqualTo(NEW);
            JsonObject predecessor =
                    parsed(made().creationContent()).object("predecessor").orElseThrow();
            assertThat(predecessor.string("event_id")).contains("$m.room.tombstone");
            assertThat(writer.rooms().all(SendEvent.class))
                    .extracting(SendEvent::type)
                    .containsExactly("m.room.power_levels");
        }

        @ParameterizedTest
        @CsvSource({"@alice:localhost, !new:elsewhere", "@bob:localhost, !new:localhost"})
        void isNotMadeIfItWasPromisedByOthers(String sender, String promised) {
            String content = "{\"replacement_room\":\"" + promised + "\"}";
            writer.rooms().state(ROOM, UserId.parse(sender), "m.room.tombstone", "", content);
            assertThat(upgraded("{'new_version':'11'}").string("replacement_room"))
                    .contains(made().room().value());
            assertThat(made().room()).isNotEqualTo(NEW);
        }
    }

    /** Room and tombstone are there, but the client was not answered. */
    @Nested
    class Repeated {
        @BeforeEach
        void interruptedAfterTombstoneAndRoom() {
            replacement("11");
            has(
                    "m.room.tombstone",
                    "{'replacement_room':'!new:localhost','io.myelin.aliases':['#pub:localhost','#bar:localhost']}");
        }

        @Test
        void answersTheSameRoomAndCompletesIt() {
            writer.rooms().published(ROOM);
            writer.rooms().alias(PUB, NEW);
            writer.rooms().state(ROOM, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"ban\"}");
            assertThat(upgraded("{'new_version':'11'}").string("replacement_room"))
                    .contains(NEW.value());
            assertThat(writer.rooms().received())
                    .extracting(received -> received.command().getClass().getSimpleName())
                    .containsExactly(
                            "ChangeMembership",
                            "ClaimAlias",
                            "SetDirectoryVisibility",
                            "SetDirectoryVisibility",
                            "SendEvent");
            ClaimAlias lost = writer.rooms().all(ClaimAlias.class).getFirst();
            assertThat(lost.alias()).isEqualTo(BAR);
            assertThat(lost.room()).isEqualTo(NEW);
        }

        @Test
        void bansNobodyAgain() {
            writer.rooms()
                    .state(ROOM, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"ban\"}")
                    .state(NEW, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"leave\"}");
            upgraded("{'new_version':'11'}");
            assertThat(writer.rooms().all(ChangeMembership.class)).isEmpty();
        }

        @Test
        void leavesAliasesThatPointElsewhereByNow() {
            RoomId third = RoomId.parse("!third:localhost");
            writer.rooms().alias(PUB, third).alias(BAR, third);
            upgraded("{'new_version':'11'}");
            assertThat(writer.rooms().all(ClaimAlias.class)).isEmpty();
        }

        @Test
        void takesBackThePowerThatOnlyCreationNeeded() {
            has("m.room.power_levels", "{'users':{'@alice:localhost':50},'events':{'m.room.name':70}}");
            has("m.room.name", "{'name':'Pub'}");
            String raised = "{'users':{'@alice:localhost':70},'events':{'m.room.name':70}}";
            writer.rooms().state(NEW, ALICE, "m.room.power_levels", "", raised.replace('\'', '"'));
            upgraded("{'new_version':'11'}");
            SendEvent settled = writer.rooms().all(SendEvent.class).getFirst();
            assertThat(settled.room()).isEqualTo(NEW);
            assertThat(parsed(settled.content()))
                    .isEqualTo(json("{'users':{'@alice:localhost':50},'events':{'m.room.name':70}}"));
        }

        @Test
        void makesAnotherRoomOfAnotherVersion() {
            assertThat(upgraded("{'new_version':'12'}").string("replacement_room"))
                    .contains(made().room().value());
        }

        @Test
        void makesAnotherRoomForWhoHasLeftTheFirst() {
            writer.rooms().state(NEW, ALICE, "m.room.member", ALICE.value(), "{\"membership\":\"leave\"}");
            assertThat(upgraded("{'new_version':'11'}").string("replacement_room"))
                    .contains(made().room().value());
        }
    }

    /** A replacement of version 12 was made, but the room does not say where it went. */
    @Nested
    class Begun {
        @BeforeEach
        void interruptedBeforeTheTombstone() {
            replacement("12");
            writer.rooms()
                    .state(NEW, ALICE, "m.room.guest_access", "", "{\"guest_access\":\"forbidden\"}")
                    .state(
                            NEW,
                            ALICE,
                            "m.room.power_levels",
                            "",
                            "{\"users\":{},\"events\":{\"m.room.tombstone\":100}}");
        }

        @Test
        void isTakenUp() {
            assertThat(upgraded("{'new_version':'12'}").string("replacement_room"))
                    .contains(NEW.value());
            assertThat(writer.rooms().all(CreateRoom.class)).isEmpty();
            assertThat(parsed(writer.rooms().all(SendEvent.class).getFirst().content())
                            .string("replacement_room"))
                    .contains(NEW.value());
        }

        @Test
        void isLeftBehindIfTheRoomHasChangedSince() {
            has("m.room.name", "{'name':'Pub'}");
            assertThat(upgraded("{'new_version':'12'}").string("replacement_room"))
                    .contains(made().room().value());
        }

        @Test
        void isLeftBehindIfItHasOtherCreators() {
            upgraded("{'new_version':'12','additional_creators':['@bob:localhost']}");
            assertThat(made().room()).isNotEqualTo(NEW);
        }

        @Test
        void isNotTakenUpBySomebodyElse() {
            writer.rooms()
                    .state(ROOM, BOB, "m.room.member", BOB.value(), "{\"membership\":\"join\"}")
                    .state(NEW, BOB, "m.room.member", BOB.value(), "{\"membership\":\"join\"}");
            has("m.room.power_levels", "{'users':{'@bob:localhost':100}}");
            writer.as(BOB, "POST", UPGRADE, "{\"new_version\":\"12\"}").ok();
            assertThat(made().requester().user()).isEqualTo(BOB);
        }
    }

    /** What Alice's upgrade has made already. */
    private static void replacement(String version) {
        String content = "{'room_version':'" + version
                + "','io.myelin.nonce':'n','predecessor':{'room_id':'!room:localhost','event_id':'$old'}}";
        writer.rooms().room(NEW, ALICE, version).state(NEW, ALICE, "m.room.create", "", content.replace('\'', '"'));
    }

    private static void has(String type, String content) {
        writer.rooms().state(ROOM, ALICE, type, "", content.replace('\'', '"'));
    }

    private static RunningWriter.Answer upgrade(String room, String body) {
        return writer.post("rooms/" + room + "/upgrade", body.replace('\'', '"'));
    }

    private static JsonObject upgraded(String body) {
        return upgrade(ROOM.value(), body).ok();
    }

    private static CreateRoom made() {
        List<CreateRoom> made = writer.rooms().all(CreateRoom.class);
        assertThat(made).hasSize(1);
        return made.getFirst();
    }

    private static JsonObject parsed(byte[] content) {
        return JsonParser.parseObject(content);
    }

    private static JsonObject json(String text) {
        return JsonParser.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
