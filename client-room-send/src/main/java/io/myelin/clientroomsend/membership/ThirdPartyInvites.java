package io.myelin.clientroomsend.membership;

import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;

/**
 * Invitations by e-mail address or telephone number. They need an identity server, and this server trusts none.
 * Client-server API, "Third-party invites".
 */
public final class ThirdPartyInvites {
    private ThirdPartyInvites() {}

    /** Always ends the request: with what is wrong with the fields, else with why there are no such invitations. */
    public static void refuse(RequestFields invite) {
        invite.requiredString("id_server");
        invite.string("id_access_token");
        invite.requiredString("medium");
        invite.requiredString("address");
        throw new MatrixException(
                400,
                "M_SERVER_NOT_TRUSTED",
                "This server uses no identity server, so people can only be invited by their Matrix user ID.");
    }
}
