package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.myelin.matrix.event.InvalidEvent;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Levels up to version 9, where they may be strings, and up to version 5, where they may be any number. */
@ParameterizedClass
@MethodSource("versionsWithStrings")
class PowerLevelTest extends InEveryVersion {
    PowerLevelTest(RoomVersion version) {
        super(version);
    }

    static List<RoomVersion> versionsWithStrings() {
        return RoomVersions.supported().subList(0, 9);
    }

    @Test
    void usersMayHaveStrings() {
        for (String level : new String[] {"50", "+50", " 0050 ", "-1", "\t99999999999999999999"}) {
            assertAllowed(
                    room(),
                    ALICE.setsPowerLevels("{'users':{'@bob:one.example':'" + level.replace("\t", "\\t") + "'}}"));
        }
    }

    @Test
    void stringsCountAsTheIntegersTheyAre() {
        PowerLevels levels = levels(room().withPowerLevels(
                        "{'users':{'@bob:one.example':' +0075 '},'events':{'m.a':'3'},'ban':'99','invite':'-1'}"));
        assertThat(levels.user(BOB.id())).isEqualTo(75);
        assertThat(levels.required("m.a", true)).isEqualTo(3);
        assertThat(levels.ban()).isEqualTo(99);
        assertThat(levels.invite()).isEqualTo(-1);
    }

    @Test
    void whatIsNoLevelCountsAsTheDefault() {
        PowerLevels levels = levels(room().withPowerLevels("{'kick':'none','ban':null,'events':{'m.a':'3.5'}}"));
        assertThat(levels.kick()).isEqualTo(50);
        assertThat(levels.ban()).isEqualTo(50);
        assertThat(levels.required("m.a", true)).isEqualTo(50);
    }

    @Test
    void beyond64BitsTheyCountAsTheLast() {
        PowerLevels levels =
                levels(room().withPowerLevels("{'ban':'9223372036854775807','kick':'9223372036854775808','invite':'-1"
                        + "0".repeat(30) + "'}"));
        assertThat(levels.ban()).isEqualTo(Long.MAX_VALUE);
        assertThat(levels.kick()).isEqualTo(Long.MAX_VALUE);
        assertThat(levels.invite()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void textOfMoreDigitsThanPythonReadsIsNone() {
        PowerLevels levels = levels(room().withPowerLevels("{'ban':'" + "9".repeat(4_301) + "','kick':'"
                + "9".repeat(4_300) + "','invite':'" + "0".repeat(40_000) + "7','redact':'-" + "0".repeat(4_000)
                + "7','state_default':'+-7'}"));
        assertThat(levels.ban()).isEqualTo(50);
        assertThat(levels.kick()).isEqualTo(Long.MAX_VALUE);
        assertThat(levels.invite())
                .isEqualTo(levels(room().withPowerLevels("{}")).invite());
        assertThat(levels.redact()).isEqualTo(-7);
        assertThat(levels.stateDefault()).isEqualTo(50);
    }

    @Test
    void areComparedHoweverTheyAreWritten() {
        TestRoom room = roomOfBobAt50("'ban':'51','kick':50");
        assertAllowed(room, bobSets("'ban':51,'kick':' 050 '"));
        assertRejected("10.6.1", room, bobSets("'ban':'50','kick':50"));
        assertRejected("10.6.2", room, bobSets("'ban':'51','kick':'51'"));
        assertRejected("10.8.1", room, bobSets("'ban':'51','kick':50,'events':{'x':'51'}"));
        assertRejected("10.10.1", room, BOB.setsPowerLevels("{'ban':51,'kick':50,'users':{'@bob:one.example':'51'}}"));
    }

    @Test
    void cannotBeSetToWhatIsNoLevel() {
        assertRejected("10.6.2", roomOfBobAt50("'kick':50"), bobSets("'kick':'fifty'"));
        assertRejected("10.8.1", roomOfBobAt50("'kick':50"), bobSets("'kick':50,'events':{'x':[]}"));
    }

    @Test
    void fractionsCountWithoutWhatFollowsThePointUpToVersion5() {
        String content = "{'users':{'@bob:one.example':5.114698E4},'ban':-0.9,'kick':18446744073709551616}";
        Draft draft = ALICE.setsPowerLevels("{}");
        if (isUpTo(5)) {
            PowerLevels levels = levels(room().with(room().eventFromElsewhere(draft, content)));
            assertThat(levels.user(BOB.id())).isEqualTo(51146);
            assertThat(levels.ban()).isZero();
            assertThat(levels.kick()).isEqualTo(Long.MAX_VALUE);
        } else {
            assertThatExceptionOfType(InvalidEvent.class).isThrownBy(() -> room().eventFromElsewhere(draft, content));
        }
    }

    @Test
    void fractionsAreAllowedAndComparedUpToVersion5() {
        TestRoom room = roomOfBobAt50("'kick':50");
        if (isUpTo(5)) {
            assertAllowed(room, fromBob(room, "{'kick':50.99,'users':{'@bob:one.example':50.57}}"));
            assertRejected("10.6.2", room, fromBob(room, "{'kick':51.0,'users':{'@bob:one.example':5.0E1}}"));
            assertRejected("10.10.1", room, fromBob(room, "{'kick':50,'users':{'@bob:one.example':51.0}}"));
        } else {
            assertThatExceptionOfType(InvalidEvent.class).isThrownBy(() -> fromBob(room, "{'kick':50.99}"));
        }
    }

    private TestRoom roomOfBobAt50(String levels) {
        return room().with(BOB.joined()).withPowerLevels("{'users':{'@bob:one.example':50}," + levels + "}");
    }

    private static Draft bobSets(String levels) {
        return BOB.setsPowerLevels("{'users':{'@bob:one.example':50}," + levels + "}");
    }

    private static Pdu fromBob(TestRoom room, String content) {
        return room.eventFromElsewhere(BOB.setsPowerLevels("{}"), content);
    }

    private static PowerLevels levels(TestRoom room) {
        return PowerLevels.of(room.authState());
    }
}
