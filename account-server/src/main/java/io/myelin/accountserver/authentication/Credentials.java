package io.myelin.accountserver.authentication;

import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.password.Passwords;
import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.address.ClientAddress;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether a password is a user's. So many attempts a minute for each user, real or not, from each address: whoever tries
 * wrong ones locks nobody out who is elsewhere. And so many for each address, whichever the users.
 */
public final class Credentials {
    private final Function<UserId, Optional<UserState.Account>> accounts;
    private final Passwords passwords;
    private final AttemptLimit ofUserAndAddress;
    private final AttemptLimit ofAddress;

    public Credentials(
            Function<UserId, Optional<UserState.Account>> accounts,
            Passwords passwords,
            AttemptLimit ofUserAndAddress,
            AttemptLimit ofAddress) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.ofUserAndAddress = ofUserAndAddress;
        this.ofAddress = ofAddress;
    }

    /**
     * The user whose password this is, as of now; empty for a wrong password as for an unknown user, after the same
     * time. A user who was deactivated has no password any more, so is as good as unknown.
     */
    public Optional<UserState.Account> account(UserId user, String password, ClientAddress client) {
        ofUserAndAddress.attempt(user + " from " + client.network());
        if (!client.onThisMachine()) {
            ofAddress.attempt(client.network());
        }
        Optional<UserState.Account> account = accounts.apply(user);
        boolean matches = passwords.matches(
                client, password, account.map(UserState.Account::passwordHash).orElse(null));
        return account.filter(known -> matches && !known.deactivated());
    }

    public boolean isPassword(UserId user, String password, ClientAddress client) {
        return account(user, password, client).isPresent();
    }
}
