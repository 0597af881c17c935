package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.TestRoom.aRoom;
import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules 2, 4, 6, 8, 9 and 11, and those of aliases and redactions that only the first versions have. */
@ParameterizedClass
@MethodSource("versions")
class AuthRulesTest extends InEveryVersion {
    AuthRulesTest(RoomVersion version) {
        super(version);
    }

    @Test
    void rejectsEventInRoomWithoutCreateEvent() {
        String rule = version.equals(RoomVersions.V12) ? "2" : "2.4";
        AuthResultAssert.assertThat(
                        AuthRules.check(room().event(ALICE.sends("m.room.message")), (type, stateKey) -> null))
                .isRejectedBy(rule);
    }

    @Test
    void rejectsEventOfAnotherRoom() {
        String rule = version.equals(RoomVersions.V12) ? "2" : "2.4";
        TestRoom room = room();
        var elsewhere = room.template(ALICE.sends("m.room.message"))
                .roomId(new RoomId("!elsewhere:one.example"))
                .unsigned();
        AuthResultAssert.assertThat(room.check(elsewhere)).isRejectedBy(rule);
    }

    @Test
    void closedRoomIsForUsersOfItsCreatorsServer() {
        TestRoom room = aRoom().version(version)
                .createContent("{'m.federate':false}")
                .createdBy(ALICE)
                .withJoinRule("public");
        assertAllowed(room, BOB.joins());
        assertRejected("4", room, CAROL.joins());
        TestRoom open = aRoom().version(version)
                .createContent("{'m.federate':true}")
                .createdBy(ALICE)
                .withJoinRule("public");
        assertAllowed(open, CAROL.joins());
    }

    @Test
    void onlyMembersSend() {
        assertRejected("6", room(), BOB.sends("m.room.message"));
        assertRejected("6", room().with(BOB.invited()), BOB.sends("m.room.message"));
        assertRejected("6", room().with(BOB.banned()), BOB.sends("m.room.message"));
        assertAllowed(room().with(BOB.joined()), BOB.sends("m.room.message"));
    }

    @Test
    void rejectsWithoutTheRequiredLevel() {
        TestRoom room =
                room().with(BOB.joined()).withPowerLevels("{'events':{'m.poll':7},'users':{'@bob:one.example':6}}");
        assertRejected("8", room, BOB.sends("m.poll"));
        assertRejected("8", room, BOB.sets("m.room.name", "", JsonObject.EMPTY));
        assertAllowed(room, BOB.sends("m.room.message"));
    }

    @Test
    void allowsWithTheRequiredLevel() {
        TestRoom room =
                room().with(BOB.joined()).withPowerLevels("{'events':{'m.poll':7},'users':{'@bob:one.example':50}}");
        assertAllowed(room, BOB.sends("m.poll"));
        assertAllowed(room, BOB.sets("m.room.name", "", JsonObject.EMPTY));
        assertAllowed(room, BOB.sets("m.poll", "", JsonObject.EMPTY));
    }

    @Test
    void redactionsTakeTheLevelOfTheirType() {
        TestRoom room = room().with(BOB.joined()).withPowerLevels("{'redact':0}");
        assertAllowed(room, BOB.sends("m.room.redaction"));
        assertRejected("8", room.withPowerLevels("{'events':{'m.room.redaction':1}}"), BOB.sends("m.room.redaction"));
    }

    @Test
    void redactionsOfOtherServersTakeTheRedactLevelUpToVersion2() {
        TestRoom room = room().with(BOB.joined()).withPowerLevels("{'redact':50,'users':{'@alice:one.example':50}}");
        Pdu ofBob = room.event(BOB.sends("m.room.message"));
        Pdu ofCarol = room.event(CAROL.sends("m.room.message"));
        assertAllowed(room, redaction(room, BOB, ofBob));
        assertAllowed(room, redaction(room, ALICE, ofCarol));
        if (isUpTo(2)) {
            assertRejected("10a.3", room, redaction(room, BOB, ofCarol));
            assertRejected("10a.3", room, BOB.sends("m.room.redaction"));
        } else {
            assertAllowed(room, redaction(room, BOB, ofCarol));
            assertAllowed(room, BOB.sends("m.room.redaction"));
        }
    }

    @Test
    void aliasesAreForUsersOfTheirServerUpToVersion5() {
        TestRoom room = room();
        Draft outsiders = CAROL.sets("m.room.aliases", "two.example", JsonObject.EMPTY);
        if (isUpTo(5)) {
            assertAllowed(room, outsiders);
            assertRejected("4a.1", room, outsiders.withStateKey(null));
            assertRejected("4a.2", room, outsiders.withStateKey("one.example"));
            assertRejected("4a.2", room, outsiders.withStateKey(""));
        } else {
            assertRejected("6", room, outsiders);
            assertAllowed(room, ALICE.sets("m.room.aliases", "anything", JsonObject.EMPTY));
        }
    }

    @Test
    void aliasesOfOtherServersStayOutOfClosedRooms() {
        TestRoom room =
                aRoom().version(version).createContent("{'m.federate':false}").createdBy(ALICE);
        assertRejected("4", room, CAROL.sets("m.room.aliases", "two.example", JsonObject.EMPTY));
    }

    @Test
    void stateKeysOfOthersCannotBeUsed() {
        TestRoom room = room().with(BOB.joined()).withPowerLevels("{'state_default':0}");
        assertAllowed(room, BOB.sets("m.pin", "@bob:one.example", JsonObject.EMPTY));
        assertAllowed(room, BOB.sets("m.pin", "bob", JsonObject.EMPTY));
        assertRejected("9", room, BOB.sets("m.pin", "@alice:one.example", JsonObject.EMPTY));
        assertRejected("9", room, BOB.sets("m.pin", "@", JsonObject.EMPTY));
    }

    @Test
    void creatorsOfVersion12CannotBeKickedOrBanned() {
        TestRoom room = aRoom().version(RoomVersions.V12)
                .createContent("{'additional_creators':['@bob:one.example']}")
                .createdBy(ALICE)
                .with(BOB.joined(), CAROL.joined())
                .withPowerLevels("{'users':{'@carol:two.example':9007199254740991}}");
        AuthResultAssert.assertThat(room.check(CAROL.kicks(ALICE))).isRejectedBy("5.5.5");
        AuthResultAssert.assertThat(room.check(CAROL.bans(BOB))).isRejectedBy("5.6.3");
        AuthResultAssert.assertThat(room.check(ALICE.bans(BOB))).isRejectedBy("5.6.3");
        AuthResultAssert.assertThat(room.check(BOB.bans(CAROL))).isAllowed();
    }

    private static Pdu redaction(TestRoom room, TestUser sender, Pdu redacted) {
        return room.template(sender.sends("m.room.redaction"))
                .redacts(redacted.eventId())
                .unsigned();
    }
}
