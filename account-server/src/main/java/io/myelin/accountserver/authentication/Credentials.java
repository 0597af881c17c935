package io.myelin.accountserver.authentication;

import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.password.Passwords;
import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import java.util.Optional;
import java.util.function.Function;

/** Whether a password is a user's. So many attempts a minute for each user, real or not. */
public final class Credentials {
    private final Function<UserId, Optional<UserState.Account>> accounts;
    private final Passwords passwords;
    private final AttemptLimit limit;

    public Credentials(
            Function<UserId, Optional<UserState.Account>> accounts, Passwords passwords, AttemptLimit limit) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.limit = limit;
    }

    /**
     * The user whose password this is, as of now; empty for a wrong password as for an unknown user, after the same
     * time. The user may be deactivated.
     */
    public Optional<UserState.Account> account(UserId user, String password) {
        limit.attempt(user.value());
        Optional<UserState.Account> account = accounts.apply(user);
        boolean matches = passwords.matches(
                password, account.map(UserState.Account::passwordHash).orElse(null));
        return account.filter(known -> matches || known.deactivated());
    }

    public boolean isPassword(UserId user, String password) {
        return account(user, password).filter(known -> !known.deactivated()).isPresent();
    }
}
