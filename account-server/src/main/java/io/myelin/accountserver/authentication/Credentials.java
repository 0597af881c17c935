package io.myelin.accountserver.authentication;

import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.password.Passwords;
import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.address.ClientAddress;
import java.util.Optional;
import java.util.function.Function;

/**
 * Checks the passwords of users. Attempts are limited for each pair of user and client address, whether or not the user
 * exists, so that wrong passwords from one address do not lock out a user who logs in from another. They are also
 * limited for each address, over all users.
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
     * The current account of the user if the password is right. Empty for a wrong password and for an unknown user, after
     * the same time. A deactivated user has no password any more and is treated as unknown.
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

    /** As {@link #account}, for an identifier that names no user of this server: never one, after the same time. */
    public Optional<UserState.Account> ofNobody(String password, ClientAddress client) {
        if (!client.onThisMachine()) {
            ofAddress.attempt(client.network());
        }
        passwords.matches(client, password, null);
        return Optional.empty();
    }

    public boolean isPassword(UserId user, String password, ClientAddress client) {
        return account(user, password, client).isPresent();
    }
}
