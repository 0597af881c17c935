package io.myelin.matrix.acl;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The parsed content of an {@code m.room.server_acl}. A room without this event allows every server. Client-server API,
 * "Server Access Control Lists (ACLs) for rooms".
 */
public final class ServerAcl {
    private static final Pattern IPV4_LITERAL = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final boolean allowsIpLiterals;
    private final Globs deny;
    private final Globs allow;

    private ServerAcl(boolean allowsIpLiterals, Globs deny, Globs allow) {
        this.allowsIpLiterals = allowsIpLiterals;
        this.deny = deny;
        this.allow = allow;
    }

    /**
     * The ACL of an event's content. A value that is not a list counts as an empty list, and elements that are not strings
     * are ignored.
     */
    public static ServerAcl of(JsonObject content) {
        return new ServerAcl(
                content.bool("allow_ip_literals").orElse(true), globs(content, "deny"), globs(content, "allow"));
    }

    /** Whether the server may take part in the room. Its port makes no difference. */
    public boolean allows(ServerName server) {
        String host = server.host().toLowerCase(Locale.ROOT);
        if (!allowsIpLiterals && isIpLiteral(host)) {
            return false; // 2
        }
        return !deny.match(host) && allow.match(host); // 3 to 5
    }

    private static boolean isIpLiteral(String host) {
        return host.startsWith("[") || IPV4_LITERAL.matcher(host).matches();
    }

    private static Globs globs(JsonObject content, String name) {
        return new Globs(content.array(name).orElse(JsonArray.EMPTY).strings());
    }
}
