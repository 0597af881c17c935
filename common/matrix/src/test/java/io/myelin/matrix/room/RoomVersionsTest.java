package io.myelin.matrix.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomVersionsTest {
    @Test
    void knowsVersions1To12() {
        assertThat(RoomVersions.supported())
                .extracting(RoomVersion::id)
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
        assertThat(RoomVersions.find("12")).contains(RoomVersions.V12);
        assertThat(RoomVersions.find("0")).isEmpty();
        assertThat(RoomVersions.find("13")).isEmpty();
        assertThat(RoomVersions.DEFAULT).isSameAs(RoomVersions.V12);
    }

    /** The feature matrix of the specification, with the features that it leaves out. */
    @ParameterizedTest
    @CsvSource({
        "ALIASES_OF_SERVERS,1,5",
        "REDACTIONS_NEED_POWER,1,2",
        "KEYS_EXPIRE,5,12",
        "GUARDED_NOTIFICATIONS,6,12",
        "KNOCK,7,12",
        "RESTRICTED_JOINS,8,12",
        "KNOCK_RESTRICTED_JOINS,10,12",
        "INTEGER_POWER_LEVELS,10,12",
        "CREATOR_IN_CONTENT,1,10",
        "CREATE_IN_AUTH_EVENTS,1,11",
        "ROOM_ID_IS_CREATE_EVENT_HASH,12,12",
        "INFINITE_POWER_CREATORS,12,12"
    })
    void haveEachRuleFromOneVersionToAnother(RoomRule rule, int first, int last) {
        assertThat(that(version -> version.has(rule))).isEqualTo(range(first, last));
    }

    @ParameterizedTest
    @CsvSource({"V1,1,2", "V3,3,3", "V4,4,5", "V6,6,10", "V11,11,11", "V12,12,12"})
    void haveEachFormatFromOneVersionToAnother(EventFormat format, int first, int last) {
        assertThat(that(version -> version.eventFormat() == format)).isEqualTo(range(first, last));
    }

    @ParameterizedTest
    @CsvSource({"V1,1,1", "V2,2,11", "V2_1,12,12"})
    void resolveStateFromOneVersionToAnother(ResolutionAlgorithm algorithm, int first, int last) {
        assertThat(that(version -> version.resolutionAlgorithm() == algorithm)).isEqualTo(range(first, last));
    }

    @Test
    void saysEveryRuleByName() {
        assertThat(that(RoomVersion::aliasesOfServers)).isEqualTo(range(1, 5));
        assertThat(that(RoomVersion::redactionsNeedPower)).isEqualTo(range(1, 2));
        assertThat(that(RoomVersion::keysExpire)).isEqualTo(range(5, 12));
        assertThat(that(RoomVersion::guardsNotifications)).isEqualTo(range(6, 12));
        assertThat(that(RoomVersion::knock)).isEqualTo(range(7, 12));
        assertThat(that(RoomVersion::restricted)).isEqualTo(range(8, 12));
        assertThat(that(RoomVersion::knockRestricted)).isEqualTo(range(10, 12));
        assertThat(that(RoomVersion::integerPowerLevelsStrict)).isEqualTo(range(10, 12));
        assertThat(that(RoomVersion::creatorInContent)).isEqualTo(range(1, 10));
        assertThat(that(RoomVersion::createInAuthEvents)).isEqualTo(range(1, 11));
        assertThat(that(RoomVersion::roomIdIsCreateEventHash)).isEqualTo(range(12, 12));
        assertThat(that(RoomVersion::creatorsHaveInfinitePower)).isEqualTo(range(12, 12));
    }

    @Test
    void formatsChangeOneThingAtATime() {
        assertThat(that(version -> version.eventFormat().eventIdOnEvent())).isEqualTo(range(1, 2));
        assertThat(that(version -> version.eventFormat().isCanonicalJson())).isEqualTo(range(6, 12));
        assertThat(that(version -> version.eventFormat().redactsInContent())).isEqualTo(range(11, 12));
        assertThat(that(version -> version.eventFormat().roomIdOnCreateEvent())).isEqualTo(range(1, 11));
        assertThat(RoomVersions.V5.eventFormat().maxDepth()).isEqualTo(9_223_372_036_854_775_807L);
        assertThat(RoomVersions.V6.eventFormat().maxDepth()).isEqualTo(9_007_199_254_740_991L);
    }

    private static List<String> that(Predicate<RoomVersion> is) {
        return RoomVersions.supported().stream().filter(is).map(RoomVersion::id).toList();
    }

    private static List<String> range(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList();
    }
}
