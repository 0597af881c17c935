package io.myelin.accountserver.web;

import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.UUID;
import java.util.function.Supplier;

/** Has commands carried out for a request, which a refusal ends. */
public final class Commands {
    private final AccountCommands door;
    private final Supplier<UUID> ids;

    public Commands(AccountCommands door, Supplier<UUID> ids) {
        this.door = door;
        this.ids = ids;
    }

    AccountAnswer execute(AccountCommand command) {
        return execute(ids.get(), command);
    }

    /** As above, for a command that is done once for all who send it under this ID. */
    AccountAnswer execute(UUID id, AccountCommand command) {
        AccountAnswer answer = door.execute(id, command);
        if (answer instanceof AccountAnswer.Refused(var error)) {
            throw new MatrixException(error);
        }
        return answer;
    }

    /** Ends a request about somebody else. */
    static void requireSelf(Session session, UserId user) {
        if (!session.user().equals(user)) {
            throw new MatrixException(403, "M_FORBIDDEN", "This is another user's.");
        }
    }
}
