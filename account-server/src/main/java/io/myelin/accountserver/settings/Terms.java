package io.myelin.accountserver.settings;

import io.myelin.settings.Setting;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What new users agree to. */
public record Terms(
        @Setting("The address of the terms that new users have to agree to. They agree to nothing if it is not set.")
        @Nullable
        URI url,

        @Setting(value = "The title of the terms.", pattern = ".{1,100}", form = "up to 100 characters")
        @DefaultValue("Terms of service")
        String name,

        @Setting(value = "The version of the terms.", pattern = "[A-Za-z0-9._-]{1,50}", form = "such as `1.0`")
        @DefaultValue("1.0")
        String version) {}
