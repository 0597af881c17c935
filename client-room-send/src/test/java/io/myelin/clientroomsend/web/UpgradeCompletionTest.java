package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static io.myelin.clientroomsend.web.UpgradingWriter.BAR;
import static io.myelin.clientroomsend.web.UpgradingWriter.NEW;
import static io.myelin.clientroomsend.web.UpgradingWriter.POWER_LEVELS;
import static io.myelin.clientroomsend.web.UpgradingWriter.PUB;
import static io.myelin.clientroomsend.web.UpgradingWriter.json;
import static io.myelin.clientroomsend.web.UpgradingWriter.parsed;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.MoveAlias;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomCommand.SetDirectoryVisibility;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The steps after a room was replaced, by the same request or by a repetition. */
class UpgradeCompletionTest {
    private final UpgradingWriter upgrading = new UpgradingWriter();

    @Test
    void restrictsTheRoomThatIsLeft() {
        upgrading.upgraded("{'new_version':'11'}");
        SendEvent levels = upgrading.rooms().all(SendEvent.class).getFirst();
        assertThat(upgrading.rooms().all(SendEvent.class)).hasSize(1);
        assertThat(levels.type()).isEqualTo("m.room.power_levels");
        assertThat(levels.room()).isEqualTo(ROOM);
        assertThat(parsed(levels.content()))
                .isEqualTo(json(POWER_LEVELS).with("events_default", 50).with("invite", 50));
    }

    @Test
    void doesNotRestrictWhatIsRestrictedAlready() {
        upgrading.has("m.room.power_levels", "{'users':{'@alice:localhost':100},'events_default':60,'invite':50}");
        upgrading.upgraded("{'new_version':'11'}");
        assertThat(upgrading.rooms().all(SendEvent.class)).isEmpty();
    }

    @Test
    void answersThoughPowerIsMissingForTheRest() {
        upgrading.rooms().published(ROOM);
        upgrading.rooms().accept();
        for (int refused = 0; refused < 3; refused++) {
            upgrading.rooms().refuse(403, "M_FORBIDDEN");
        }
        upgrading.upgraded("{'new_version':'11'}");
        assertThat(upgrading.rooms().received()).hasSize(4);
    }

    @Test
    void doesNotAnswerIfRoomServerFails() {
        upgrading.rooms().accept();
        upgrading.rooms().refuse(500, "M_UNKNOWN");
        upgrading.upgrade(ROOM.value(), "{'new_version':'11'}").isRefused(500, "M_UNKNOWN");
    }

    @Test
    void movesAliasesAndWhatIsSaidOfThem() {
        upgrading.rooms().alias(PUB, ROOM);
        upgrading.has(
                "m.room.canonical_alias",
                "{'alias':'#pub:localhost','alt_aliases':['#pub:elsewhere','#deleted:localhost']}");
        upgrading.upgraded("{'new_version':'11'}");
        assertThat(upgrading.rooms().all(MoveAlias.class))
                .containsExactly(new MoveAlias(PUB, ROOM, upgrading.made().room()));
        assertThat(upgrading.rooms().all(SendEvent.class))
                .filteredOn(event -> event.type().equals("m.room.canonical_alias"))
                .extracting(event -> event.room() + " " + parsed(event.content()))
                .containsExactly(
                        upgrading.made().room() + " {\"alias\":\"#pub:localhost\"}",
                        ROOM + " {\"alt_aliases\":[\"#pub:elsewhere\"]}");
    }

    @Test
    void movesThePlaceInTheDirectory() {
        upgrading.rooms().published(ROOM);
        upgrading.upgraded("{'new_version':'11'}");
        assertThat(upgrading.rooms().all(SetDirectoryVisibility.class))
                .containsExactly(
                        new SetDirectoryVisibility(upgrading.made().room(), ALICE, true),
                        new SetDirectoryVisibility(ROOM, ALICE, false));
    }

    /** Replacement and tombstone exist, but the client got no answer. */
    @Nested
    class Repeated {
        @BeforeEach
        void interruptedAfterTheRoomWasReplaced() {
            upgrading.replacement("11");
            upgrading.has("m.room.tombstone", "{'replacement_room':'!new:localhost'}");
        }

        @Test
        void answersTheSameRoomAndCompletesIt() {
            upgrading.rooms().published(ROOM);
            upgrading.rooms().alias(PUB, NEW).alias(BAR, ROOM);
            upgrading.rooms().state(ROOM, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"ban\"}");
            assertThat(upgrading.upgraded("{'new_version':'11'}").string("replacement_room"))
                    .contains(NEW.value());
            assertThat(upgrading.rooms().received())
                    .extracting(received -> received.command().getClass().getSimpleName())
                    .containsExactly(
                            "ChangeMembership",
                            "MoveAlias",
                            "SetDirectoryVisibility",
                            "SetDirectoryVisibility",
                            "SendEvent");
            assertThat(upgrading.rooms().all(MoveAlias.class)).containsExactly(new MoveAlias(BAR, ROOM, NEW));
        }

        @Test
        void bansNobodyAgain() {
            upgrading
                    .rooms()
                    .state(ROOM, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"ban\"}")
                    .state(NEW, ALICE, "m.room.member", BOB.value(), "{\"membership\":\"leave\"}");
            upgrading.upgraded("{'new_version':'11'}");
            assertThat(upgrading.rooms().all(ChangeMembership.class)).isEmpty();
        }

        @Test
        void leavesAliasesThatPointElsewhereByNow() {
            RoomId third = RoomId.parse("!third:localhost");
            upgrading.rooms().alias(PUB, third).alias(BAR, third);
            upgrading.upgraded("{'new_version':'11'}");
            assertThat(upgrading.rooms().all(MoveAlias.class)).isEmpty();
        }

        @Test
        void takesBackThePowerThatOnlyCreationNeeded() {
            upgrading.has("m.room.power_levels", "{'users':{'@alice:localhost':50},'events':{'m.room.name':70}}");
            upgrading.has("m.room.name", "{'name':'Pub'}");
            String raised = "{'users':{'@alice:localhost':70},'events':{'m.room.name':70}}";
            upgrading.rooms().state(NEW, ALICE, "m.room.power_levels", "", raised.replace('\'', '"'));
            upgrading.upgraded("{'new_version':'11'}");
            SendEvent settled = upgrading.rooms().all(SendEvent.class).getFirst();
            assertThat(settled.room()).isEqualTo(NEW);
            assertThat(parsed(settled.content()))
                    .isEqualTo(json("{'users':{'@alice:localhost':50},'events':{'m.room.name':70}}"));
        }

        @Test
        void makesAnotherRoomOfAnotherVersion() {
            assertThat(upgrading.upgraded("{'new_version':'12'}").string("replacement_room"))
                    .contains(upgrading.made().room().value());
        }

        @Test
        void makesAnotherRoomForWhoHasLeftTheFirst() {
            upgrading.rooms().state(NEW, ALICE, "m.room.member", ALICE.value(), "{\"membership\":\"leave\"}");
            assertThat(upgrading.upgraded("{'new_version':'11'}").string("replacement_room"))
                    .contains(upgrading.made().room().value());
        }
    }

    /** Two requests read the same state, and the other request was decided first. */
    @Nested
    class AtOnce {
        @Test
        void answersTheRoomThatTheFirstHasMade() {
            upgrading.rooms().meanwhile(() -> {
                upgrading.replacement("11");
                upgrading.has("m.room.tombstone", "{'replacement_room':'!new:localhost'}");
            });
            upgrading.rooms().refuse(409, "M_UNKNOWN");
            assertThat(upgrading.upgraded("{'new_version':'11'}").string("replacement_room"))
                    .contains(NEW.value());
        }

        @Test
        void isRefusedIfTheFirstWasOfSomebodyElse() {
            upgrading
                    .rooms()
                    .meanwhile(() -> upgrading
                            .rooms()
                            .room(NEW, BOB, "11")
                            .state(ROOM, BOB, "m.room.tombstone", "", "{\"replacement_room\":\"!new:localhost\"}"));
            upgrading.rooms().refuse(409, "M_UNKNOWN");
            upgrading.upgrade(ROOM.value(), "{'new_version':'11'}").isRefused(409, "M_UNKNOWN");
            assertThat(upgrading.rooms().received()).hasSize(1);
        }
    }

    /** Releases before this one could leave this: the tombstone names a room that does not exist. */
    @Test
    void replacesARoomAnewWhoseTombstoneLeadsNowhere() {
        upgrading.has("m.room.tombstone", "{'replacement_room':'!new:localhost'}");
        assertThat(upgrading.upgraded("{'new_version':'11'}").string("replacement_room"))
                .contains(upgrading.made().room().value());
        assertThat(upgrading.made().room()).isNotEqualTo(NEW);
        assertThat(upgrading.replaced().before()).isEqualTo(EventId.parse("$m.room.tombstone"));
    }
}
