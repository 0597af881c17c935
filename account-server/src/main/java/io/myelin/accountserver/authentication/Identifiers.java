package io.myelin.accountserver.authentication;

import io.myelin.accountserver.threepid.PhoneNumber;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Finds the user that a client's login identifier names. Client-server API, "Identifier types". */
public final class Identifiers {
    private final ServerName server;
    private final Function<ThirdPartyId, Optional<UserId>> owner;

    /** @param owner finds the user that has an address */
    public Identifiers(ServerName server, Function<ThirdPartyId, Optional<UserId>> owner) {
        this.server = server;
        this.owner = owner;
    }

    /**
     * The local user in {@code identifier}, or in the older {@code user}, or {@code medium} and {@code address}. Empty if it
     * cannot be a user of this server.
     *
     * @throws MatrixException if the request names no user at all
     */
    public Optional<UserId> user(RequestFields fields) {
        RequestFields identifier = fields.fields("identifier");
        if (identifier == null) {
            return fields.has("medium") && fields.has("address")
                    ? thirdParty(fields)
                    : local(fields.requiredString("user"));
        }
        return switch (identifier.requiredString("type")) {
            case "m.id.user" -> local(identifier.requiredString("user"));
            case "m.id.thirdparty" -> thirdParty(identifier);
            case "m.id.phone" -> phone(identifier);
            default -> throw new MatrixException(400, "M_UNKNOWN", "The type of identifier is not known.");
        };
    }

    private Optional<UserId> thirdParty(RequestFields fields) {
        return owner.apply(ThirdPartyId.of(fields.requiredString("medium"), fields.requiredString("address")));
    }

    private Optional<UserId> phone(RequestFields fields) {
        return owner.apply(PhoneNumber.of(fields.requiredString("country"), fields.requiredString("phone"))
                .msisdn());
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
