package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.OpenIdTokens;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.settings.ServerSettings;
import io.myelin.web.Body;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Lets a user prove to a service who they are. Client-server API, "OpenID"; server-server API, "OpenID".
 */
@RestController
public class OpenIdController {
    private final OpenIdTokens tokens;
    private final String serverName;

    public OpenIdController(OpenIdTokens tokens, ServerSettings properties) {
        this.tokens = tokens;
        this.serverName = properties.serverName();
    }

    @NoGuests
    @PostMapping({
        "/_matrix/client/v3/user/{userId}/openid/request_token",
        "/_matrix/client/r0/user/{userId}/openid/request_token"
    })
    JsonObject issue(Session session, @PathVariable UserId userId, @Body(optional = true) JsonObject body) {
        Commands.requireSelf(session, userId);
        return JsonObject.builder()
                .put("access_token", tokens.issue(session))
                .put("token_type", "Bearer")
                .put("matrix_server_name", serverName)
                .put("expires_in", OpenIdTokens.VALIDITY.toSeconds())
                .build();
    }

    @GetMapping("/_matrix/federation/v1/openid/userinfo")
    JsonObject user(@RequestParam(name = "access_token", required = false) @Nullable String token) {
        if (token == null) {
            throw new MatrixException(401, "M_MISSING_TOKEN", "'access_token' is missing.");
        }
        UserId user = tokens.user(token)
                .orElseThrow(
                        () -> new MatrixException(401, "M_UNKNOWN_TOKEN", "The token is not valid, or it is over."));
        return JsonObject.of("sub", user.value());
    }
}
