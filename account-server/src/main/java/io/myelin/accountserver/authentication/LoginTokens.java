package io.myelin.accountserver.authentication;

import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Tokens with which a user logs in once, within a short time: on another device, or after single sign-on. They are signed
 * tickets that name their user. The user's shard decides who spends one. Client-server API, "Token-based".
 */
public final class LoginTokens {
    /** How long a token is valid. */
    public static final Duration VALIDITY = Duration.ofMinutes(2);

    private final UserTickets tickets;
    private final AttemptLimit wrongOnes;
    private final RandomGenerator random;

    /** The user of a valid token. */
    public record Holder(UserId user, boolean locked) {}

    public LoginTokens(
            ServerName server,
            Tickets tickets,
            Function<UserId, Optional<UserState.Account>> accounts,
            AttemptLimit wrongOnes,
            RandomGenerator random) {
        this.tickets = new UserTickets(server, tickets, accounts, "login token");
        this.wrongOnes = wrongOnes;
        this.random = random;
    }

    /** A token of somebody who has proven who they are without a session, such as by single sign-on. */
    public String issue(UserId user) {
        return tickets.issue(user, VALIDITY);
    }

    /** A token that is not valid any more once the session has ended. */
    public String issue(Session session) {
        return tickets.issue(session, VALIDITY);
    }

    /** The user of a token; empty if it is not valid, or if the account is closed. */
    public Optional<Holder> holder(String token, ClientAddress client) {
        String guesser = "login token from " + client.network();
        wrongOnes.attempt(guesser);
        Optional<Holder> holder = tickets.account(token).map(account -> new Holder(account.user(), account.locked()));
        if (holder.isPresent()) {
            wrongOnes.giveBack(guesser);
        }
        return holder;
    }

    /**
     * Spends a valid token.
     *
     * @param execute executes a command with an ID
     * @throws MatrixException if it was spent already
     */
    public void spend(String token, UserId user, BiFunction<UUID, AccountCommand, AccountAnswer> execute) {
        String spender = new UUID(random.nextLong(), random.nextLong()).toString();
        UUID once = tickets.commandOf(token);
        AccountAnswer answer = execute.apply(once, new AccountCommand.SpendNonce(user, spender));
        if (!answer.equals(new AccountAnswer.NonceSpent(spender))) {
            throw new MatrixException(403, "M_FORBIDDEN", "The token was used already.");
        }
    }
}
