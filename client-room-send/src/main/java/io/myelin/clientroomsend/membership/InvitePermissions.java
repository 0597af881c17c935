package io.myelin.clientroomsend.membership;

import io.myelin.contracts.NotOffered;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.matrix.acl.Globs;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonBoolean;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.json.JsonString;
import io.myelin.web.MatrixException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Refuses invitations to users of this server who do not want them, by their account data. Client-server API, "Invite
 * permission" ({@code default_action}); MSC4155 (lists of users and servers) and MSC4380 at their unstable names.
 * Invitations that a user ignores are accepted here; readers leave them out.
 */
public final class InvitePermissions {
    private static final String STABLE = "m.invite_permission_config";
    private static final String MSC4380 = "org.matrix.msc4380.invite_permission_config";
    private static final String MSC4155 = "org.matrix.msc4155.invite_permission_config";

    private static final List<String> LISTS = List.of(
            "allowed_users", "ignored_users", "blocked_users", "allowed_servers", "ignored_servers", "blocked_servers");

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
        return config(invitee, STABLE).filter(InvitePermissions::blocksAll).isPresent()
                || config(invitee, MSC4380).filter(InvitePermissions::blocksAll).isPresent()
                || (config(invitee, MSC4155)
                                .filter(config -> blocks(config, inviter))
                                .isPresent()
                        && !ignores(invitee, inviter));
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

    private static boolean blocksAll(JsonObject config) {
        return config.string("default_action").filter("block"::equals).isPresent();
    }

    /** MSC4155: the first list that names the inviter decides. */
    private static boolean blocks(JsonObject config, UserId inviter) {
        boolean isOff = config.get("enabled") instanceof JsonBoolean enabled && !enabled.value();
        if (isOff || !LISTS.stream().allMatch(list -> isListOfStrings(config, list))) {
            return false;
        }
        String user = inviter.value().toLowerCase(Locale.ROOT);
        String host = inviter.serverName().host().toLowerCase(Locale.ROOT);
        if (names(config, "allowed_users", user) || names(config, "ignored_users", user)) {
            return false;
        }
        return names(config, "blocked_users", user)
                || (!names(config, "allowed_servers", host)
                        && !names(config, "ignored_servers", host)
                        && names(config, "blocked_servers", host));
    }

    /** A content with a list that is none counts for nothing. */
    private static boolean isListOfStrings(JsonObject config, String name) {
        return switch (config.get(name)) {
            case null -> true;
            case JsonArray list -> list.stream().allMatch(JsonString.class::isInstance);
            default -> false;
        };
    }

    private static boolean names(JsonObject config, String list, String text) {
        return new Globs(config.array(list).orElse(JsonArray.EMPTY).strings()).match(text);
    }
}
