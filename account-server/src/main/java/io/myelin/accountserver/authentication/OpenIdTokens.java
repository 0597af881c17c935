package io.myelin.accountserver.authentication;

import io.myelin.accountserver.account.UserState;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tokens with which a user proves to a service who they are, and with which the service can do nothing else. They are signed
 * tickets that name their user. Client-server API, "OpenID".
 */
public final class OpenIdTokens {
    /** How long a token is valid. */
    public static final Duration VALIDITY = Duration.ofHours(1);

    private final ServerName server;
    private final Tickets tickets;
    private final Function<UserId, Optional<UserState.Account>> accounts;

    public OpenIdTokens(ServerName server, Tickets tickets, Function<UserId, Optional<UserState.Account>> accounts) {
        this.server = server;
        this.tickets = tickets;
        this.accounts = accounts;
    }

    public String issue(UserId user) {
        return UnpaddedBase64.encodeUrlSafe(user.localpart().getBytes(StandardCharsets.UTF_8)) + "."
                + tickets.issue(purpose(user), VALIDITY);
    }

    /** The user of a valid token. A user whose account is closed or locked meanwhile proves nothing any more. */
    public Optional<UserId> user(String token) {
        int end = token.indexOf('.');
        if (end < 0) {
            return Optional.empty();
        }
        try {
            String localpart =
                    new String(UnpaddedBase64.decodeUrlSafe(token.substring(0, end)), StandardCharsets.UTF_8);
            return UserId.tryParse("@" + localpart + ":" + server)
                    .filter(user -> tickets.accepts(purpose(user), token.substring(end + 1)))
                    .flatMap(accounts)
                    .filter(account -> !account.deactivated() && !account.locked())
                    .map(UserState.Account::user);
        } catch (IllegalArgumentException notATicket) {
            return Optional.empty();
        }
    }

    private static String purpose(UserId user) {
        return "OpenID of " + user;
    }
}
