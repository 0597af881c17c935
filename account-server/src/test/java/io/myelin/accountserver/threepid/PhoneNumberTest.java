package io.myelin.accountserver.threepid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.web.MatrixException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumberTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "+447700900123",
                "+44 7700 900123",
                "+44 (0)7700 900123",
                "07700900123",
                "07700 900-123",
                "(07700) 900.123",
                "00447700900123"
            })
    void isTheSameHoweverItIsSpelled(String text) {
        assertThat(PhoneNumber.of("gb", text))
                .isEqualTo(new PhoneNumber("GB", ThirdPartyId.of(ThirdPartyId.MSISDN, "447700900123")));
    }

    @ParameterizedTest
    @CsvSource({"GB,1", "GB,none", "XX,07700900123", "G,07700900123", "GBR,07700900123"})
    void isANumberOfItsCountry(String country, String text) {
        assertThatThrownBy(() -> PhoneNumber.of(country, text))
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.body().string("errcode"))
                                .contains("M_INVALID_PARAM"));
    }
}
