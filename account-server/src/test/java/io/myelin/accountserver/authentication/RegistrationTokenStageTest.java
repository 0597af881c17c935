package io.myelin.accountserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistrationTokenStageTest {
    private final AttemptLimit limit = new AttemptLimit(() -> 3);

    @Test
    void takesEachOfTheTokens() {
        assertThat(isValid("198.51.100.1", "one")).isTrue();
        assertThat(isValid("198.51.100.1", "two")).isTrue();
        assertThat(isValid("198.51.100.1", "one,two")).isFalse();
    }

    @Test
    void letsAnAddressGuessOnlySoOften() {
        for (int i = 0; i < 3; i++) {
            assertThat(isValid("203.0.113.9", "guess" + i)).isFalse();
        }
        assertThatThrownBy(() -> isValid("203.0.113.9", "one")).isInstanceOf(MatrixException.class);
        assertThat(isValid("198.51.100.1", "one")).isTrue();
    }

    @Test
    void countsNoTokenThatIsRight() {
        for (int i = 0; i < 10; i++) {
            assertThat(isValid("198.51.100.1", "one")).isTrue();
        }
    }

    private boolean isValid(String address, String token) {
        return new RegistrationTokenStage(() -> List.of("one", "two"), _ -> false, limit)
                .isValid(token, new ClientAddress(address, false));
    }
}
