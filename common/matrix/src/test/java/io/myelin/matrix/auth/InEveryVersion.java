package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.TestRoom.aRoom;
import static io.myelin.matrix.auth.TestUser.ALICE;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;

/**
 * A test of rules in all versions. A subclass runs once for each version, states where versions differ, and numbers rules
 * as version 12 does.
 */
abstract class InEveryVersion {
    final RoomVersion version;

    InEveryVersion(RoomVersion version) {
        this.version = version;
    }

    static List<RoomVersion> versions() {
        return RoomVersions.supported();
    }

    boolean isUpTo(int last) {
        return Integer.parseInt(version.id()) <= last;
    }

    TestRoom room() {
        return aRoom().version(version).createdBy(ALICE);
    }

    void assertAllowed(TestRoom room, Draft draft) {
        AuthResultAssert.assertThat(room.check(draft)).isAllowed();
    }

    void assertAllowed(TestRoom room, Pdu event) {
        AuthResultAssert.assertThat(room.check(event)).isAllowed();
    }

    void assertRejected(String ruleOf12, TestRoom room, Pdu event) {
        AuthResultAssert.assertThat(room.check(event)).isRejectedBy(ruleOf12, version);
    }

    void assertRejected(String ruleOf12, TestRoom room, Draft draft) {
        AuthResultAssert.assertThat(room.check(draft)).isRejectedBy(ruleOf12, version);
    }
}
