package io.myelin.accountserver.settings;

import io.myelin.settings.Setting;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The riddle that keeps programs from registering. Client-server API, "Google ReCaptcha". */
public record Recaptcha(
        @Setting("The site key, which clients show to Google. There is no recaptcha if it is not set.") @Nullable
        String publicKey,

        @Setting(value = "The secret key, with which this server asks Google.", secret = true) @Nullable
        String privateKey,

        @Setting("Where this server asks whether a riddle was solved.")
        @DefaultValue("https://www.recaptcha.net/recaptcha/api/siteverify")
        URI verifyUrl) {}
