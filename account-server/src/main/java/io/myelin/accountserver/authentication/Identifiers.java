package io.myelin.accountserver.authentication;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.Locale;
import java.util.Optional;

/** Finds the user that a client's login identifier names. Client-server API, "Identifier types". */
public final class Identifiers {
    private final ServerName server;

    public Identifiers(ServerName server) {
        this.server = server;
    }

    /**
     * The local user in {@code identifier}, or in the older {@code user}. Empty if it cannot be a user of this server, or
     * if its type of identifier is not known here.
     *
     * @throws MatrixException if the request names no user at all
     */
    public Optional<UserId> user(RequestFields fields) {
        RequestFields identifier = fields.fields("identifier");
        if (identifier == null) {
            return local(fields.requiredString("user"));
        }
        return switch (identifier.requiredString("type")) {
            case "m.id.user" -> local(identifier.requiredString("user"));
            case "m.id.thirdparty", "m.id.phone" -> Optional.empty();
            default -> throw new MatrixException(400, "M_UNKNOWN", "The type of identifier is not known.");
        };
    }

    /** The user of a user ID or a localpart. Local user names have no capital letters, so the case is ignored. */
    public Optional<UserId> local(String name) {
        String localpart = name.startsWith("@") && name.endsWith(":" + server)
                ? name.substring(1, name.length() - 1 - server.value().length())
                : name;
        return localpart.startsWith("@")
                ? Optional.empty()
                : UserId.tryParse("@" + localpart.toLowerCase(Locale.ROOT) + ":" + server)
                        .filter(id -> id.isOn(server));
    }
}
