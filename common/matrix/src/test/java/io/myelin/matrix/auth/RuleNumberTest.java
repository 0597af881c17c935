package io.myelin.matrix.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleNumberTest {
    /**
     * A rule as version 12 numbers it, then its numbers in versions 1, 3, 6, 7, 8, 10 and 11; empty if that version lacks
     * the rule.
     */
    @ParameterizedTest
    @CsvSource({
        // m.room.create
        "1.1,     1.1,     1.1,     1.1,     1.1,     1.1,     1.1,     1.1",
        "1.3,     1.3,     1.3,     1.3,     1.3,     1.3,     1.3,     1.3",
        "1.3a,    1.4,     1.4,     1.4,     1.4,     1.4,     1.4,     ",
        "1.5,     1.5,     1.5,     1.5,     1.5,     1.5,     1.5,     1.4",
        // auth events
        "3.3,     2.3,     2.3,     2.3,     2.3,     2.3,     2.3,     2.3",
        "3.3a,    2.4,     2.4,     2.4,     2.4,     2.4,     2.4,     2.4",
        "3.4,     2.5,     2.5,     2.5,     2.5,     2.5,     2.5,     2.5",
        // m.federate, m.room.aliases
        "4,       3,       3,       3,       3,       3,       3,       3",
        "4a.2,    4.2,     4.2,     ,        ,        ,        ,        ",
        // m.room.member: join
        "5.1,     5.1,     5.1,     4.1,     4.1,     4.1,     4.1,     4.1",
        "5.2.1,   ,        ,        ,        ,        4.2.1,   4.2.1,   4.2.1",
        "5.3.4,   5.2.4,   5.2.4,   4.2.4,   4.2.4,   4.3.4,   4.3.4,   4.3.4",
        "5.3.5.2, ,        ,        ,        ,        4.3.5.2, 4.3.5.2, 4.3.5.2",
        "5.3.6,   5.2.5,   5.2.5,   4.2.5,   4.2.5,   4.3.6,   4.3.6,   4.3.6",
        "5.3.7,   5.2.6,   5.2.6,   4.2.6,   4.2.6,   4.3.7,   4.3.7,   4.3.7",
        // invite, leave, ban, knock, anything else
        "5.4.1.7, 5.3.1.7, 5.3.1.7, 4.3.1.7, 4.3.1.7, 4.4.1.7, 4.4.1.7, 4.4.1.7",
        "5.4.5,   5.3.5,   5.3.5,   4.3.5,   4.3.5,   4.4.5,   4.4.5,   4.4.5",
        "5.5.5,   5.4.5,   5.4.5,   4.4.5,   4.4.5,   4.5.5,   4.5.5,   4.5.5",
        "5.6.3,   5.5.3,   5.5.3,   4.5.3,   4.5.3,   4.6.3,   4.6.3,   4.6.3",
        "5.7.1,   ,        ,        ,        4.6.1,   4.7.1,   4.7.1,   4.7.1",
        "5.8,     5.6,     5.6,     4.6,     4.7,     4.8,     4.8,     4.8",
        // all types except m.room.member
        "6,       6,       6,       5,       5,       5,       5,       5",
        "7.1,     7.1,     7.1,     6.1,     6.1,     6.1,     6.1,     6.1",
        "8,       8,       8,       7,       7,       7,       7,       7",
        "9,       9,       9,       8,       8,       8,       8,       8",
        // m.room.power_levels
        "10.1,    ,        ,        ,        ,        ,        9.1,     9.1",
        "10.2,    ,        ,        ,        ,        ,        9.2,     9.2",
        "10.3,    10.1,    10.1,    9.1,     9.1,     9.1,     9.3,     9.3",
        "10.5,    10.2,    10.2,    9.2,     9.2,     9.2,     9.4,     9.4",
        "10.6.1,  10.3.1,  10.3.1,  9.3.1,   9.3.1,   9.3.1,   9.5.1,   9.5.1",
        "10.7.1,  10.4.1,  10.4.1,  9.4.1,   9.4.1,   9.4.1,   9.6.1,   9.6.1",
        "10.9.1,  10.6.1,  10.6.1,  9.6.1,   9.6.1,   9.6.1,   9.8.1,   9.8.1",
        "10.10.1, 10.7.1,  10.7.1,  9.7.1,   9.7.1,   9.7.1,   9.9.1,   9.9.1",
        // m.room.redaction, anything else
        "10a.3,   11.3,    ,        ,        ,        ,        ,        ",
        "11,      12,      11,      10,      10,      10,      10,      10"
    })
    void isThatOfTheVersionsOwnSpecification(
            String in12,
            @Nullable String in1,
            @Nullable String in3,
            @Nullable String in6,
            @Nullable String in7,
            @Nullable String in8,
            @Nullable String in10,
            @Nullable String in11) {
        assertNumber(RoomVersions.V1, in12, in1);
        assertNumber(RoomVersions.V2, in12, in1);
        assertNumber(RoomVersions.V3, in12, in3);
        assertNumber(RoomVersions.V4, in12, in3);
        assertNumber(RoomVersions.V5, in12, in3);
        assertNumber(RoomVersions.V6, in12, in6);
        assertNumber(RoomVersions.V7, in12, in7);
        assertNumber(RoomVersions.V8, in12, in8);
        assertNumber(RoomVersions.V9, in12, in8);
        assertNumber(RoomVersions.V10, in12, in10);
        assertNumber(RoomVersions.V11, in12, in11);
    }

    @ParameterizedTest
    @CsvSource({"1.4", "2", "3.4", "4", "5.2.1", "5.3.5.2", "5.7.4", "5.8", "10.4", "10.10.1", "11"})
    void isTheSameInVersion12(String number) {
        assertThat(RuleNumber.in(RoomVersions.V12, number)).isEqualTo(number);
    }

    private static void assertNumber(RoomVersion version, String in12, @Nullable String number) {
        if (number != null) {
            assertThat(RuleNumber.in(version, in12))
                    .as("%s in version %s", in12, version)
                    .isEqualTo(number);
        }
    }
}
