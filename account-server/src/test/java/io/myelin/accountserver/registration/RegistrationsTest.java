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

class RegistrationsTest {
    private final Passwords passwords = new Passwords(Argon2Cost.LOWEST, new Random(1));
    private final Registrations registrations = new Registrations(
            ServerName.parse("example.org"), _ -> Optional.empty(), passwords, () -> 8, new Random(2));

    @AfterEach
    void close() {
        passwords.close();
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
