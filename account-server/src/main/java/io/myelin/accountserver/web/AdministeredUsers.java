package io.myelin.accountserver.web;

import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.Optional;
import java.util.function.Function;

/** Finds the users about whom administrators ask. Whoever is no administrator learns nothing, not even who there is. */
public final class AdministeredUsers {
    private final ServerName server;
    private final Function<UserId, Optional<UserState.Account>> accounts;

    public AdministeredUsers(ServerName server, Function<UserId, Optional<UserState.Account>> accounts) {
        this.server = server;
        this.accounts = accounts;
    }

    /** @throws MatrixException 403 if the requester is no administrator, 400 if the user is one of another server */
    UserId local(Session session, UserId user) {
        Commands.requireAdministrator(session);
        if (!user.isOn(server)) {
            throw new MatrixException(MatrixError.invalidParam("The user does not belong to this server."));
        }
        return user;
    }

    Optional<UserState.Account> find(Session session, UserId user) {
        return accounts.apply(local(session, user));
    }

    /** @throws MatrixException also 404 if there is no such user */
    UserState.Account require(Session session, UserId user) {
        return find(session, user).orElseThrow(() -> new MatrixException(404, "M_NOT_FOUND", "There is no such user."));
    }

    /**
     * Refuses what takes an account from its user or gives it to another: a password, an address, a login, a lock, a suspension,
     * the end of the account. Of an administrator, nobody may do that but themselves: others have to end their rights first.
     */
    static void requireNoOtherAdministrator(Session session, UserState.Account account) {
        if (account.admin() && !session.user().equals(account.user())) {
            throw new MatrixException(
                    MatrixError.forbidden("That is another administrator. End their rights first, then do this."));
        }
    }

    /** An open account that the requester may take from its user; see {@link #requireNoOtherAdministrator}. */
    UserState.Account requireSubordinate(Session session, UserId user) {
        UserState.Account account = requireOpen(session, user);
        requireNoOtherAdministrator(session, account);
        return account;
    }

    /** @throws MatrixException also 400 if the account is closed */
    UserState.Account requireOpen(Session session, UserId user) {
        UserState.Account account = require(session, user);
        if (account.deactivated()) {
            throw new MatrixException(400, "M_UNKNOWN", "The account is closed.");
        }
        return account;
    }
}
