package io.myelin.federationsend.config;

import io.myelin.settings.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The settings of federation-send. */
@ConfigurationProperties("myelin")
public record FederationSendSettings(@DefaultValue Federation federation) {

    /** How to reach other servers, and what to tell them about this one. */
    public record Federation(
            @Setting(
                    value = "Networks that other servers may be in though they are not public, such as `10.0.0.0/8`. "
                            + "Otherwise this server connects to public addresses only.",
                    pattern = "[0-9A-Fa-f.:]+/[0-9]{1,3}(,\\s*[0-9A-Fa-f.:]+/[0-9]{1,3})*",
                    form = "networks with commas between: `10.0.0.0/8, fd00::/8`")
            @Nullable
            String allowedNetworks,

            @Setting("Whether other servers must show a certificate of their name that is trusted. "
                    + "`false` is for networks where something else sees to that.")
            @DefaultValue("true")
            boolean verifyCertificates,

            @Setting(
                    value = "How long another server may take to connect to, and then to answer.",
                    min = 100,
                    max = 300_000)
            @DefaultValue("10s")
            Duration timeout,

            @Setting(
                    value = "How many connections to all other servers together may be open.",
                    min = 2,
                    max = 1_000_000)
            @DefaultValue("512")
            int maxConnections,

            @Setting(
                    value = "How many servers' keys one address may ask this one for in a minute. 0 is no limit.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("600")
            int notaryPerMinute,

            @Setting(
                    value = "Signing keys that this server no longer uses, so that its old events can be verified.",
                    pattern =
                            "ed25519:\\w+=[A-Za-z0-9+/]{43}@[0-9]{1,15}(,\\s*ed25519:\\w+=[A-Za-z0-9+/]{43}@[0-9]{1,15})*",
                    form = "`ed25519:<key id>=<public key>@<end of its use, ms since 1970>`, more after commas")
            @Nullable
            String oldVerifyKeys) {}
}
