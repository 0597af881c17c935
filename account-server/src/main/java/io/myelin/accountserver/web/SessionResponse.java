package io.myelin.accountserver.web;

import io.myelin.accountserver.registration.NewSession;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.settings.ServerSettings;
import org.jspecify.annotations.Nullable;

/** The response to a login or registration. */
final class SessionResponse {
    private final ServerSettings properties;

    SessionResponse(ServerSettings properties) {
        this.properties = properties;
    }

    /** @param session null if no session began */
    JsonObject of(UserId user, @Nullable NewSession session) {
        JsonObjectBuilder response =
                JsonObject.builder().put("user_id", user.value()).put("home_server", properties.serverName());
        if (session != null) {
            response.put("access_token", session.token().text()).put("device_id", session.device());
            NewSession.Tokens tokens = session.tokens();
            if (tokens != null) {
                response.put("refresh_token", tokens.refreshToken().text())
                        .put("expires_in_ms", tokens.accessExpiresInMillis());
            }
            // Clients switch to this address, so it is only sent if it was configured.
            if (properties.publicBaseUrl() != null) {
                response.put("well_known", WellKnownController.clientConfiguration(properties));
            }
        }
        return response.build();
    }
}
