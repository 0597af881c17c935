package io.myelin.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Whether rates are limited, for all services. The rates themselves belong to the services that apply them. */
public record RateLimitSettings(
        @Setting(
                value = "Whether clients that ask too often get 429. Always off in test mode. Where a service has "
                        + "several instances, each allows its part, so that all together allow what is set.",
                reloadable = true)
        @DefaultValue("true")
        boolean enabled,

        @Setting(
                value = "Users whose rates are not limited, such as bots. None if not set.",
                pattern = "@[^,\\s]{1,254}(,\\s*@[^,\\s]{1,254})*",
                form = "user IDs with commas between",
                reloadable = true)
        @Nullable
        String exemptUsers) {

    /** The exempt users, one by one. */
    public List<String> eachExemptUser() {
        return exemptUsers == null ? List.of() : List.of(exemptUsers.strip().split("\\s*,\\s*", -1));
    }
}
