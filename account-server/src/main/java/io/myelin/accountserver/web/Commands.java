package io.myelin.accountserver.web;

import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Executes commands for a request; a refused command ends the request with its error. */
public final class Commands {
    private static final UserId NOBODY = new UserId("@nonces:of.registrations");

    private final AccountCommands router;
    private final Supplier<UUID> ids;

    public Commands(AccountCommands router, Supplier<UUID> ids) {
        this.router = router;
        this.ids = ids;
    }

    AccountAnswer execute(AccountCommand command) {
        return execute(ids.get(), command);
    }

    /** As above, under the given ID: all requests with the same ID get the answer of one execution. */
    AccountAnswer execute(UUID id, AccountCommand command) {
        AccountAnswer answer = router.execute(id, command);
        if (answer instanceof AccountAnswer.Refused(var error)) {
            throw new MatrixException(error);
        }
        return answer;
    }

    /**
     * Uses up something of which the command ID is made.
     *
     * @return whether it was not used up before, by any instance
     */
    public boolean spend(UUID id, RandomGenerator random) {
        String spender = new UUID(random.nextLong(), random.nextLong()).toString();
        return execute(id, new AccountCommand.SpendNonce(NOBODY, spender))
                .equals(new AccountAnswer.NonceSpent(spender));
    }

    /** Refuses a request of anybody but an administrator. */
    static void requireAdministrator(Session session) {
        if (!session.admin()) {
            throw new MatrixException(403, "M_FORBIDDEN", "Only administrators of this server can do this.");
        }
    }

    /** Refuses a request about another user. */
    static void requireSelf(Session session, UserId user) {
        if (!session.user().equals(user)) {
            throw new MatrixException(403, "M_FORBIDDEN", "This is another user's.");
        }
    }
}
