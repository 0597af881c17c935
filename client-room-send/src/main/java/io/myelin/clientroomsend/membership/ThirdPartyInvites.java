package io.myelin.clientroomsend.membership;

import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;

/**
 * Refuses invitations by e-mail address or telephone number: they need an identity server, and this server trusts none.
 * Client-server API, "Third-party invites".
 */
public final class ThirdPartyInvites {
    private ThirdPartyInvites() {}

    /** Always throws: the error of an invalid field, otherwise the error that such invitations are not supported. */
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
