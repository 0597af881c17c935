package io.myelin.accountserver.settings;

import io.myelin.settings.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** How identity servers, recaptcha and CAS are reached. */
public record Outgoing(
        @Setting(
                value = "Networks that identity servers may be in though they are not public, such as `10.0.0.0/8`. "
                        + "Users choose these servers, so otherwise only public addresses are connected to.",
                pattern = "[0-9A-Fa-f.:]+/[0-9]{1,3}(,\\s*[0-9A-Fa-f.:]+/[0-9]{1,3})*",
                form = "networks with commas between: `10.0.0.0/8, fd00::/8`")
        @Nullable
        String allowedNetworks,

        @Setting("Whether these servers must show a certificate of their name that is trusted. For tests only.")
        @DefaultValue("true")
        boolean verifyCertificates,

        @Setting(value = "How long such a server may take to connect to, and then to answer.", min = 100, max = 120_000)
        @DefaultValue("10s")
        Duration timeout) {}
