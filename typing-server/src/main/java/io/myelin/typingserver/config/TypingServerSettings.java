package io.myelin.typingserver.config;

import io.myelin.settings.Setting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The settings of typing-server. */
@ConfigurationProperties("myelin")
public record TypingServerSettings(@DefaultValue Limits limits) {

    /** Limits on who is shown as typing. */
    public record Limits(
            @Setting(
                    value = "How long somebody is shown as typing at most without saying so again.",
                    min = 1000,
                    max = 300_000)
            @DefaultValue("120s")
            Duration typing,

            @Setting(value = "How many are shown as typing in one room at once.", min = 1, max = 10_000)
            @DefaultValue("500")
            int typists) {}
}
