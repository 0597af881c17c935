package io.myelin.server.wiring;

import io.myelin.contracts.account.Session;
import io.myelin.web.MatrixException;
import io.myelin.web.session.AccessToken;
import io.myelin.web.session.Authenticator;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;

/**
 * Decides who may see the wiring page: every user on the machine of a server that is not public, and administrators
 * from anywhere.
 */
final class WiringAccess {

    private final URI baseUrl;
    private final Authenticator authenticator;

    /** @param baseUrl the address that clients use for the server */
    WiringAccess(URI baseUrl, Authenticator authenticator) {
        this.baseUrl = baseUrl;
        this.authenticator = authenticator;
    }

    /** @throws MatrixException if the requester may not see the page */
    void check(HttpServletRequest request) {
        if (LocalBrowser.is(request, baseUrl)) {
            return;
        }
        String token = AccessToken.in(request)
                .orElseThrow(() -> new MatrixException(
                        401, "M_MISSING_TOKEN", "From another machine this needs an administrator's access token."));
        Session session = authenticator.authenticate(token);
        if (!session.admin()) {
            throw new MatrixException(403, "M_FORBIDDEN", "This is for administrators.");
        }
    }
}
