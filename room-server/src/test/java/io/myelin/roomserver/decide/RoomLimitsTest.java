package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.refused;
import static io.myelin.roomserver.TestShard.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.matrix.event.EventTypes;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import io.myelin.roomserver.room.EntityWeight;
import io.myelin.roomserver.room.RoomLimits;
import io.myelin.roomserver.room.StateSize;
import org.junit.jupiter.api.Test;

class RoomLimitsTest {

    private static final int KILOBYTE = 1_024;

    private static TestRoom roomWithin(RoomLimits limits) {
        return aRoom(new TestShard(limits)).create();
    }

    private static String zeros(int bytes) {
        return "{\"a\":[0" + ",0".repeat(bytes / 2) + "]}";
    }

    @Test
    void refusesStateBeyondItsSizeButTakesMessagesAndLessState() {
        TestRoom room = roomWithin(new RoomLimits(60 * KILOBYTE, 100, 10));
        sent(room.set(ALICE, "org.big", "a", zeros(40 * KILOBYTE)));

        assertThat(refused(room.set(ALICE, "org.big", "b", zeros(40 * KILOBYTE))))
                .satisfies(error -> assertThat(error.status()).isEqualTo(413))
                .satisfies(error -> assertThat(error.errcode()).isEqualTo("M_TOO_LARGE"))
                .satisfies(error -> assertThat(error.error()).contains("61440 bytes"));

        sent(room.says(ALICE, "hello"));
        sent(room.set(ALICE, "org.big", "a", "{}"));
        sent(room.set(ALICE, "org.big", "b", zeros(40 * KILOBYTE)));
    }

    @Test
    void refusesMoreStateEventsThanMayBeButTakesOthersInTheirPlaces() {
        TestRoom room = roomWithin(new RoomLimits(1 << 20, 8, 10));
        int entries = room.now().current().othersThanMembers();
        for (int i = entries; i < 8; i++) {
            sent(room.set(ALICE, "org.entry", "k" + i, "{}"));
        }

        assertThat(refused(room.set(ALICE, "org.entry", "one more", "{}")).error())
                .isEqualTo("A room may have 8 state events, memberships not counted.");

        sent(room.set(ALICE, "org.entry", "k7", "{\"a\":1}"));
        sent(room.change(MembershipAction.INVITE, ALICE, BOB));
    }

    @Test
    void refusesMoreMembersThanMayBeUntilOneLeaves() {
        TestRoom room = roomWithin(new RoomLimits(1 << 20, 100, 2)).with(BOB);

        assertThat(refused(room.change(MembershipAction.INVITE, ALICE, CAROL)))
                .satisfies(error -> assertThat(error.errcode()).isEqualTo("M_FORBIDDEN"))
                .satisfies(error -> assertThat(error.error()).contains("2 members"));

        sent(room.change(MembershipAction.LEAVE, BOB, BOB));
        sent(room.change(MembershipAction.INVITE, ALICE, CAROL));
    }

    @Test
    void refusesMembershipsThatAreLargeOnAverage() {
        TestRoom room = roomWithin(new RoomLimits(100 * KILOBYTE, 100, 100));
        String ban = "{\"membership\":\"ban\",\"reason\":" + zeros(50 * KILOBYTE) + "}";
        sent(room.set(ALICE, EventTypes.MEMBER, "@one:elsewhere.org", ban));
        sent(room.set(ALICE, EventTypes.MEMBER, "@two:elsewhere.org", ban));

        assertThat(refused(room.set(ALICE, EventTypes.MEMBER, "@three:elsewhere.org", ban))
                        .error())
                .startsWith("The memberships of this room may have");
    }

    @Test
    void weighsARoomByItsPlacesAndNotByWhatIsInThem() {
        TestRoom room = roomWithin(RoomLimits.DEFAULT);
        for (int i = 0; i < 20; i++) {
            sent(room.set(ALICE, "org.big", "k" + i, zeros(60 * KILOBYTE)));
        }

        assertThat(EntityWeight.of(room.now())).isLessThan(20 * KILOBYTE);
        assertThat(room.now().current().size().bytes()).isGreaterThan(20 * 60 * KILOBYTE);
    }

    @Test
    void keepsUpWithTheSizeOfTheState() {
        TestRoom room = roomWithin(RoomLimits.DEFAULT).with(BOB);
        StateSize before = room.now().current().size();
        sent(room.set(ALICE, "org.big", "k", zeros(KILOBYTE)));
        sent(room.change(MembershipAction.LEAVE, BOB, BOB));
        sent(room.set(ALICE, "org.big", "k", zeros(2 * KILOBYTE)));

        StateSize after = room.now().current().size();

        assertThat(after.bytes() - before.bytes()).isBetween(2L * KILOBYTE, 3L * KILOBYTE);
        assertThat(before.members() - after.members()).isEqualTo(1);
        assertThat(after.keyChars() - before.keyChars()).isEqualTo(1);
    }
}
