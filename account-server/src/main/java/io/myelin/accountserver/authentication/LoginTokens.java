package io.myelin.accountserver.authentication;

import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
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

    private final ServerName server;
    private final Tickets tickets;
    private final Function<UserId, Optional<UserState.Account>> accounts;
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
        this.server = server;
        this.tickets = tickets;
        this.accounts = accounts;
        this.wrongOnes = wrongOnes;
        this.random = random;
    }

    public String issue(UserId user) {
        return UnpaddedBase64.encodeUrlSafe(user.localpart().getBytes(StandardCharsets.UTF_8)) + "."
                + tickets.issue(purpose(user), VALIDITY);
    }

    /** The user of a token; empty if it is not valid, or if the account is closed. */
    public Optional<Holder> holder(String token, ClientAddress client) {
        String guesser = "login token from " + client.network();
        wrongOnes.requireAttempt(guesser);
        Optional<Holder> holder = user(token)
                .flatMap(accounts)
                .filter(account -> !account.deactivated())
                .map(account -> new Holder(account.user(), account.locked()));
        if (holder.isEmpty()) {
            wrongOnes.attempt(guesser);
        }
        return holder;
    }

    private Optional<UserId> user(String token) {
        int end = token.indexOf('.');
        if (end < 0) {
            return Optional.empty();
        }
        try {
            String localpart =
                    new String(UnpaddedBase64.decodeUrlSafe(token.substring(0, end)), StandardCharsets.UTF_8);
            return UserId.tryParse("@" + localpart + ":" + server)
                    .filter(user -> tickets.accepts(purpose(user), token.substring(end + 1)));
        } catch (IllegalArgumentException notATicket) {
            return Optional.empty();
        }
    }

    /**
     * Spends a valid token.
     *
     * @param execute executes a command with an ID
     * @throws MatrixException if it was spent already
     */
    public void spend(String token, UserId user, BiFunction<UUID, AccountCommand, AccountAnswer> execute) {
        String spender = new UUID(random.nextLong(), random.nextLong()).toString();
        UUID once = tickets.commandOf(token.substring(token.indexOf('.') + 1));
        AccountAnswer answer = execute.apply(once, new AccountCommand.SpendNonce(user, spender));
        if (!answer.equals(new AccountAnswer.NonceSpent(spender))) {
            throw new MatrixException(403, "M_FORBIDDEN", "The token was used already.");
        }
    }

    private static String purpose(UserId user) {
        return "login token of " + user;
    }
}
