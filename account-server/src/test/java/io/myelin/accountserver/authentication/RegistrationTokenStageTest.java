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
        var stage = from("198.51.100.1");
        assertThat(stage.isValid("one")).isTrue();
        assertThat(stage.isValid("two")).isTrue();
        assertThat(stage.isValid("one,two")).isFalse();
    }

    @Test
    void letsAnAddressGuessOnlySoOften() {
        for (int i = 0; i < 3; i++) {
            assertThat(from("203.0.113.9").isValid("guess" + i)).isFalse();
        }
        assertThatThrownBy(() -> from("203.0.113.9").isValid("one")).isInstanceOf(MatrixException.class);
        assertThat(from("198.51.100.1").isValid("one")).isTrue();
    }

    @Test
    void countsNoTokenThatIsRight() {
        for (int i = 0; i < 10; i++) {
            assertThat(from("198.51.100.1").isValid("one")).isTrue();
        }
    }

    private RegistrationTokenStage from(String address) {
        return new RegistrationTokenStage(List.of("one", "two"), limit, new ClientAddress(address, false));
    }
}
