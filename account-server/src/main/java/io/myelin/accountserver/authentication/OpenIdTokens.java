package io.myelin.accountserver.authentication;

import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
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

    private final UserTickets tickets;

    public OpenIdTokens(ServerName server, Tickets tickets, Function<UserId, Optional<UserState.Account>> accounts) {
        this.tickets = new UserTickets(server, tickets, accounts, "OpenID");
    }

    /** A token that is not valid any more once the session has ended. */
    public String issue(Session session) {
        return tickets.issue(session, VALIDITY);
    }

    /** The user of a valid token. A user whose account is closed or locked meanwhile proves nothing any more. */
    public Optional<UserId> user(String token) {
        return tickets.account(token).filter(account -> !account.locked()).map(UserState.Account::user);
    }
}
