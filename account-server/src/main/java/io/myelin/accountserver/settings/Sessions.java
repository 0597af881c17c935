package io.myelin.accountserver.settings;

import io.myelin.settings.Setting;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** How long the sessions of clients last that refresh their tokens. Client-server API, "Refreshing access tokens". */
public record Sessions(
        @Setting(
                value = "How long an access token is valid that its client can refresh.",
                min = 1_000,
                max = 31_536_000_000L,
                reloadable = true)
        @DefaultValue("5m")
        Duration accessTokenLifetime,

        @Setting(
                value = "How long a refresh token is valid; a session that is not refreshed for so long is over. "
                        + "0 is for ever.",
                min = 0,
                max = 31_536_000_000L,
                reloadable = true)
        @DefaultValue("0s")
        Duration refreshTokenLifetime) {}
