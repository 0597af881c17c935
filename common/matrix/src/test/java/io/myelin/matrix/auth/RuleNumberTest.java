package io.myelin.matrix.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.room.RoomVersions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleNumberTest {
    @ParameterizedTest
    @CsvSource({
        "1.3,1.3",
        "3.4,2.4",
        "4,3",
        "5.2.1,4.2.1",
        "5.4.1.7,4.4.1.7",
        "7.1,6.1",
        "9,8",
        "10.3,9.3",
        "10.5,9.4",
        "10.9.1,9.8.1",
        "10.10.1,9.9.1",
        "11,10"
    })
    void isLowerBeforeVersion12(String in12, String before) {
        assertThat(RuleNumber.in(RoomVersions.V12, in12)).isEqualTo(in12);
        assertThat(RuleNumber.in(RoomVersions.V11, in12)).isEqualTo(before);
        assertThat(RuleNumber.in(RoomVersions.V10, in12)).isEqualTo(before);
    }
}
