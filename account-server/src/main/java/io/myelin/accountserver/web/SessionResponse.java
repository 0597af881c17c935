package io.myelin.accountserver.web;

import io.myelin.accountserver.registration.NewSession;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.settings.ServerSettings;
import org.jspecify.annotations.Nullable;

/** What a client gets that has logged in or registered. */
final class SessionResponse {
    private final ServerSettings properties;

    SessionResponse(ServerSettings properties) {
        this.properties = properties;
    }

    /** @param session null if none began */
    JsonObject of(UserId user, @Nullable NewSession session) {
        JsonObjectBuilder response =
                JsonObject.builder().put("user_id", user.value()).put("home_server", properties.serverName());
        if (session != null) {
            response.put("access_token", session.token().text()).put("device_id", session.device());
            // Clients move to this address, so it must be one that was configured.
            if (properties.publicBaseUrl() != null) {
                response.put("well_known", WellKnownController.clientConfiguration(properties));
            }
        }
        return response.build();
    }
}
