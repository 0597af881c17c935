package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.TestRoom.aRoom;
import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;

import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Rule 10. Bob, whose level is 50, changes the power levels of a room that requires level 50 for it. */
@ParameterizedClass
@MethodSource("versions")
class PowerLevelsRulesTest extends InEveryVersion {
    PowerLevelsRulesTest(RoomVersion version) {
        super(version);
    }

    @Test
    void levelsMustBeIntegersFromVersion10On() {
        for (String level :
                new String[] {"users_default", "events_default", "state_default", "ban", "redact", "kick", "invite"}) {
            for (String value : new String[] {"'50'", "null"}) {
                Draft draft = ALICE.setsPowerLevels("{'" + level + "':" + value + "}");
                if (isUpTo(9)) {
                    assertAllowed(room(), draft);
                } else {
                    assertRejected("10.1", room(), draft);
                }
            }
            assertAllowed(room(), ALICE.setsPowerLevels("{'" + level + "':50}"));
        }
    }

    @Test
    void eventsAndNotificationsMustBeObjectsOfIntegersFromVersion10On() {
        for (String map : new String[] {"events", "notifications"}) {
            for (String value : new String[] {"[]", "{'m.room.name':'50'}"}) {
                Draft draft = ALICE.setsPowerLevels("{'" + map + "':" + value + "}");
                if (isUpTo(9)) {
                    assertAllowed(room(), draft);
                } else {
                    assertRejected("10.2", room(), draft);
                }
            }
            assertAllowed(room(), ALICE.setsPowerLevels("{'" + map + "':{'m.room.name':50}}"));
        }
    }

    @Test
    void usersMustBeAnObjectOfUserIdsAndLevels() {
        assertRejected("10.3", room(), ALICE.setsPowerLevels("{'users':[]}"));
        assertRejected("10.3", room(), ALICE.setsPowerLevels("{'users':{'bob':50}}"));
        for (String level : new String[] {"'fifty'", "'50.5'", "''", "null", "true", "[50]"}) {
            assertRejected("10.3", room(), ALICE.setsPowerLevels("{'users':{'@bob:one.example':" + level + "}}"));
        }
        assertAllowed(room(), ALICE.setsPowerLevels("{'users':{'@bob:one.example':50}}"));
    }

    @Test
    void creatorsAreNotAmongTheUsersFromVersion12On() {
        TestRoom room = aRoom().version(version)
                .createContent("{'additional_creators':['@bob:one.example']}")
                .createdBy(ALICE);
        for (String creator : new String[] {"@alice:one.example", "@bob:one.example"}) {
            Draft draft = ALICE.setsPowerLevels("{'users':{'" + creator + "':100}}");
            if (version.equals(RoomVersions.V12)) {
                assertRejected("10.4", room, draft);
            } else {
                assertAllowed(room, draft);
            }
        }
    }

    @Test
    void firstLevelsAreFree() {
        assertAllowed(room(), ALICE.setsPowerLevels("{'ban':9000,'users':{'@bob:one.example':9000}}"));
    }

    @Test
    void levelAboveOnesOwnCannotBeTouched() {
        TestRoom room = roomAt("'ban':51,'kick':50");
        assertRejected("10.6.1", room, bobSets("'ban':50,'kick':50"));
        assertRejected("10.6.1", room, bobSets("'kick':50"));
        assertAllowed(room, bobSets("'ban':51,'kick':50"));
        assertAllowed(room, bobSets("'ban':51,'kick':7"));
        assertAllowed(room, bobSets("'ban':51"));
    }

    @Test
    void levelCannotBeSetAboveOnesOwn() {
        assertRejected("10.6.2", roomAt("'kick':50"), bobSets("'kick':51"));
        assertRejected("10.6.2", roomAt("'kick':50"), bobSets("'kick':50,'invite':51"));
        assertAllowed(roomAt("'kick':50"), bobSets("'kick':50,'invite':50"));
    }

    @Test
    void entryAboveOnesOwnLevelCannotBeTouched() {
        for (String map : guardedMaps()) {
            TestRoom room = roomAt("'" + map + "':{'x':51,'y':50}");
            assertRejected("10.7.1", room, bobSets("'" + map + "':{'x':50,'y':50}"));
            assertRejected("10.7.1", room, bobSets("'" + map + "':{'y':50}"));
            assertRejected("10.7.1", room, bobSets("'ban':1"));
            assertAllowed(room, bobSets("'" + map + "':{'x':51}"));
            assertAllowed(room, bobSets("'" + map + "':{'x':51,'y':1}"));
        }
    }

    @Test
    void entryCannotBeSetAboveOnesOwnLevel() {
        for (String map : guardedMaps()) {
            TestRoom room = roomAt("'" + map + "':{'x':1}");
            assertRejected("10.8.1", room, bobSets("'" + map + "':{'x':51}"));
            assertRejected("10.8.1", room, bobSets("'" + map + "':{'x':1,'y':51}"));
            assertAllowed(room, bobSets("'" + map + "':{'x':50,'y':50}"));
        }
    }

    @Test
    void notificationsAreForAnyoneUpToVersion5() {
        TestRoom room = roomAt("'notifications':{'room':51}");
        if (isUpTo(5)) {
            assertAllowed(room, bobSets("'notifications':{'room':0,'x':99}"));
        } else {
            assertRejected("10.7.1", room, bobSets("'notifications':{'room':0,'x':99}"));
        }
    }

    @Test
    void usersOfOnesOwnLevelAndAboveCannotBeTouched() {
        TestRoom room = roomWithUsers("'@bob:one.example':50,'@dave:x':50,'@eve:x':51,'@fay:x':49");
        assertRejected("10.9.1", room, bobSetsUsers("'@bob:one.example':50,'@dave:x':49,'@eve:x':51,'@fay:x':49"));
        assertRejected("10.9.1", room, bobSetsUsers("'@bob:one.example':50,'@eve:x':51,'@fay:x':49"));
        assertRejected("10.9.1", room, bobSetsUsers("'@bob:one.example':50,'@dave:x':50,'@fay:x':49"));
        assertAllowed(room, bobSetsUsers("'@bob:one.example':50,'@dave:x':50,'@eve:x':51,'@fay:x':50"));
        assertAllowed(room, bobSetsUsers("'@bob:one.example':50,'@dave:x':50,'@eve:x':51"));
    }

    @Test
    void usersMayLowerThemselvesButNotRise() {
        TestRoom room = roomWithUsers("'@bob:one.example':50");
        assertAllowed(room, bobSetsUsers("'@bob:one.example':0"));
        assertAllowed(room, bobSetsUsers(""));
        assertRejected("10.10.1", room, bobSetsUsers("'@bob:one.example':51"));
    }

    @Test
    void usersCannotBeSetAboveOnesOwnLevel() {
        TestRoom room = roomWithUsers("'@bob:one.example':50,'@fay:x':0");
        assertRejected("10.10.1", room, bobSetsUsers("'@bob:one.example':50,'@fay:x':51"));
        assertRejected("10.10.1", room, bobSetsUsers("'@bob:one.example':50,'@fay:x':0,'@gus:x':51"));
        assertAllowed(room, bobSetsUsers("'@bob:one.example':50,'@fay:x':50,'@gus:x':50"));
    }

    @Test
    void creatorOfVersion12MayDoAnythingWithLevels() {
        TestRoom room = aRoom().version(RoomVersions.V12)
                .createdBy(ALICE)
                .withPowerLevels("{'ban':9007199254740991,'users':{'@bob:one.example':9007199254740991}}");
        AuthResultAssert.assertThat(room.check(ALICE.setsPowerLevels("{'ban':1,'users':{}}")))
                .isAllowed();
    }

    private List<String> guardedMaps() {
        return isUpTo(5) ? List.of("events") : List.of("events", "notifications");
    }

    private TestRoom roomAt(String levels) {
        return room().with(BOB.joined()).withPowerLevels("{'users':{'@bob:one.example':50}," + levels + "}");
    }

    private TestRoom roomWithUsers(String users) {
        return room().with(BOB.joined()).withPowerLevels("{'users':{" + users + "}}");
    }

    private static Draft bobSets(String levels) {
        return BOB.setsPowerLevels("{'users':{'@bob:one.example':50}," + levels + "}");
    }

    private static Draft bobSetsUsers(String users) {
        return BOB.setsPowerLevels("{'users':{" + users + "}}");
    }
}
