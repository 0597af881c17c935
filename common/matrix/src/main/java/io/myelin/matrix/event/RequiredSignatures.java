package io.myelin.matrix.event;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The servers whose signatures an event of another server must have; without them it is dropped on receipt. Server-server
 * API, "Validating hashes and signatures on received events"; room versions, "Authorisation rules".
 */
public final class RequiredSignatures {
    /** The member of a join's content that names the user who authorises it in a restricted room. */
    public static final String AUTHORISING_USER = "join_authorised_via_users_server";

    private RequiredSignatures() {}

    /**
     * The servers of which each must have signed the event with a key that is valid for it, see {@link KeyValidity}:
     *
     * <ul>
     *   <li>the sender's server, except for a third-party invite, which the invited user's server may have made in the
     *       sender's name;
     *   <li>in versions 1 and 2, the server that chose the event's ID;
     *   <li>in versions with restricted rooms, the server of the user who authorises a join. The rules only ask whether it
     *       has signed, so its signature has to be verified before.
     * </ul>
     */
    public static Set<ServerName> of(Pdu event) {
        Set<ServerName> servers = new LinkedHashSet<>();
        if (!isThirdPartyInvite(event)) {
            servers.add(event.sender().serverName());
        }
        if (event.version().eventFormat().eventIdOnEvent()) {
            event.eventId().serverName().ifPresent(servers::add);
        }
        authorisingServer(event).ifPresent(servers::add);
        return servers;
    }

    private static boolean isThirdPartyInvite(Pdu event) {
        return event.type().equals(EventTypes.MEMBER)
                && event.content().string("membership").filter("invite"::equals).isPresent()
                && event.content().has("third_party_invite");
    }

    private static Optional<ServerName> authorisingServer(Pdu event) {
        return event.type().equals(EventTypes.MEMBER) && event.version().restricted()
                ? event.content()
                        .string(AUTHORISING_USER)
                        .flatMap(UserId::tryParse)
                        .map(UserId::serverName)
                : Optional.empty();
    }
}
