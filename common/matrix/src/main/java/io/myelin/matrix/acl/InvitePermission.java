package io.myelin.matrix.acl;

import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonBoolean;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an invitation, by the account data of the invited user. Client-server API, "Invite permission" ({@code
 * default_action}), and MSC4155 (lists of users and servers).
 */
public enum InvitePermission {
    ALLOW,
    /** The invitation is accepted, and not shown to the invited user. */
    IGNORE,
    /** The invitation is refused. */
    BLOCK;

    public static final String STABLE = "m.invite_permission_config";
    public static final String MSC4380 = "org.matrix.msc4380.invite_permission_config";
    public static final String MSC4155 = "org.matrix.msc4155.invite_permission_config";

    private static final List<String> LISTS = List.of(
            "allowed_users", "ignored_users", "blocked_users", "allowed_servers", "ignored_servers", "blocked_servers");

    /** @param config the content of one of the types above; null if the user has none */
    public static InvitePermission of(@Nullable JsonObject config, UserId inviter) {
        if (config == null) {
            return ALLOW;
        }
        if (config.string("default_action").filter("block"::equals).isPresent()) {
            return BLOCK;
        }
        boolean isOff = config.get("enabled") instanceof JsonBoolean enabled && !enabled.value();
        return isOff || !isValid(config) ? ALLOW : byLists(config, inviter);
    }

    /** A list that is no array of strings makes the whole event invalid. */
    private static boolean isValid(JsonObject config) {
        return LISTS.stream().map(config::get).allMatch(InvitePermission::isList);
    }

    private static boolean isList(@Nullable Json list) {
        return list == null || list instanceof JsonArray array && array.stream().allMatch(JsonString.class::isInstance);
    }

    /** The first list that names the inviter decides. */
    private static InvitePermission byLists(JsonObject config, UserId inviter) {
        String user = inviter.value().toLowerCase(Locale.ROOT);
        String host = inviter.serverName().host().toLowerCase(Locale.ROOT);
        for (String of : List.of("users", "servers")) {
            String text = of.equals("users") ? user : host;
            if (names(config, "allowed_" + of, text)) {
                return ALLOW;
            }
            if (names(config, "ignored_" + of, text)) {
                return IGNORE;
            }
            if (names(config, "blocked_" + of, text)) {
                return BLOCK;
            }
        }
        return ALLOW;
    }

    private static boolean names(JsonObject config, String list, String text) {
        return new Globs(config.array(list).orElse(JsonArray.EMPTY).strings()).match(text);
    }
}
