package io.myelin.accountserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.password.Argon2Cost;
import io.myelin.accountserver.password.PasswordHash;
import io.myelin.accountserver.password.Passwords;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CredentialsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId CLOSED = UserId.parse("@closed:example.org");
    private static final ClientAddress HOME = new ClientAddress("198.51.100.1", false);
    private static final ClientAddress ATTACKER = new ClientAddress("203.0.113.9", false);
    private static final ClientAddress HERE = new ClientAddress("127.0.0.1", true);

    private final Passwords passwords = new Passwords(Argon2Cost.LOWEST, new Random(1));
    private final Map<UserId, UserState.Account> accounts = Map.of(
            ALICE,
            account(
                    ALICE,
                    PasswordHash.of("right", Argon2Cost.LOWEST, new Random(2)).encoded(),
                    false),
            CLOSED,
            account(CLOSED, null, true));
    private final Credentials credentials = new Credentials(
            user -> Optional.ofNullable(accounts.get(user)),
            passwords,
            new AttemptLimit(() -> 3),
            new AttemptLimit(() -> 5));

    @AfterEach
    void close() {
        passwords.close();
    }

    @Test
    void letsNobodyLockAUserOutFromElsewhere() {
        for (int i = 0; i < 3; i++) {
            assertThat(credentials.account(ALICE, "wrong", ATTACKER)).isEmpty();
        }
        assertThatThrownBy(() -> credentials.account(ALICE, "wrong", ATTACKER)).isInstanceOf(MatrixException.class);
        assertThat(credentials.account(ALICE, "right", HOME)).isPresent();
    }

    @Test
    void limitsAnAddressWhicheverTheUsers() {
        for (int i = 0; i < 5; i++) {
            credentials.account(UserId.parse("@random" + i + ":example.org"), "x", ATTACKER);
        }
        assertThatThrownBy(() -> credentials.account(ALICE, "right", ATTACKER))
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(429));
        assertThat(credentials.account(ALICE, "right", HOME)).isPresent();
    }

    @Test
    void limitsThisMachineByUserOnly() {
        for (int i = 0; i < 20; i++) {
            credentials.account(UserId.parse("@random" + i + ":example.org"), "x", HERE);
        }
        assertThat(credentials.account(ALICE, "right", HERE)).isPresent();
    }

    @Test
    void tellsAClosedAccountFromAnUnknownUserByNothing() {
        assertThat(credentials.account(CLOSED, "anything", HOME)).isEmpty();
    }

    private static UserState.Account account(UserId user, @Nullable String hash, boolean deactivated) {
        return new UserState.Account(
                user,
                hash,
                false,
                false,
                deactivated,
                false,
                false,
                false,
                0,
                Map.of(),
                Profile.empty(user, new Position(0, 1, 1)));
    }
}
