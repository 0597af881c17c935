package io.myelin.clientroomsend.membership;

import io.myelin.contracts.NotOffered;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.matrix.acl.InvitePermission;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.MatrixException;
import java.util.Optional;

/**
 * Refuses invitations to users of this server who do not want them, by their account data. Client-server API, "Invite
 * permission" ({@code default_action}); MSC4155 (lists of users and servers) and MSC4380 at their unstable names.
 * Invitations that a user ignores are accepted here; readers leave them out.
 */
public final class InvitePermissions {
    private final AccountQueries accounts;
    private final ServerName server;

    public InvitePermissions(AccountQueries accounts, ServerName server) {
        this.accounts = accounts;
        this.server = server;
    }

    /** @throws MatrixException 403 {@code M_INVITE_BLOCKED} if the invitee refuses invitations of this user */
    public void check(UserId inviter, UserId invitee) {
        if (invitee.isOn(server) && !inviter.equals(invitee) && blocks(inviter, invitee)) {
            throw new MatrixException(403, "M_INVITE_BLOCKED", "This user does not accept invitations from you.");
        }
    }

    private boolean blocks(UserId inviter, UserId invitee) {
        return blocks(inviter, invitee, InvitePermission.STABLE)
                || blocks(inviter, invitee, InvitePermission.MSC4380)
                || (blocks(inviter, invitee, InvitePermission.MSC4155) && !ignores(invitee, inviter));
    }

    private boolean blocks(UserId inviter, UserId invitee, String type) {
        return InvitePermission.of(config(invitee, type).orElse(null), inviter) == InvitePermission.BLOCK;
    }

    /** Whom a user ignores never learns that they are blocked, too. */
    private boolean ignores(UserId invitee, UserId inviter) {
        return config(invitee, "m.ignored_user_list")
                .flatMap(list -> list.object("ignored_users"))
                .filter(users -> users.has(inviter.value()))
                .isPresent();
    }

    private Optional<JsonObject> config(UserId user, String type) {
        return content(user, type).map(content -> JsonParser.parseObject(content, JsonRules.LENIENT));
    }

    /** An account-server of the release before is asked for all account data. */
    private Optional<byte[]> content(UserId user, String type) {
        try {
            return accounts.accountDatum(user, null, type);
        } catch (NotOffered e) {
            return accounts.accountData(user).items().stream()
                    .filter(item -> item.room() == null && item.type().equals(type))
                    .map(AccountQueries.AccountDatum::content)
                    .findFirst();
        }
    }
}
