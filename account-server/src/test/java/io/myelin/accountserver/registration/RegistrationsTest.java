package io.myelin.accountserver.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.accountserver.password.Argon2Cost;
import io.myelin.accountserver.password.Passwords;
import io.myelin.matrix.id.ServerName;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationsTest {
    private final Passwords passwords = new Passwords(Argon2Cost.LOWEST, new Random(1));
    private final Registrations registrations = new Registrations(
            ServerName.parse("example.org"), _ -> Optional.empty(), passwords, () -> 8, "notices", new Random(2));

    @AfterEach
    void close() {
        passwords.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"_bridge", "_", "", "white space", "ümlaut"})
    void refusesANameThatNobodyMayChoose(String name) {
        assertThatThrownBy(() -> registrations.free(name))
                .isInstanceOfSatisfying(
                        MatrixException.class,
                        e -> assertThat(e.body().string("errcode")).contains("M_INVALID_USERNAME"));
    }

    @Test
    void refusesTheNameOfTheSenderOfNotices() {
        assertThatThrownBy(() -> registrations.free("Notices"))
                .isInstanceOfSatisfying(
                        MatrixException.class,
                        e -> assertThat(e.body().string("errcode")).contains("M_EXCLUSIVE"));
    }

    @Test
    void refusesAPasswordThatIsTooShort() {
        assertThatThrownBy(() -> registrations.hash(ClientAddress.OURS, "seven77"))
                .isInstanceOfSatisfying(
                        MatrixException.class,
                        e -> assertThat(e.body().string("errcode")).contains("M_WEAK_PASSWORD"));
        assertThat(registrations.hash(ClientAddress.OURS, "eight888")).startsWith("$argon2id$");
    }
}
