package io.myelin.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Limits of delayed events (MSC4140), which clients are told as a capability. */
public record DelayedEventSettings(
        @Setting(
                value = "How many delayed events a user may have scheduled at once; 0 turns them off.",
                min = 0,
                max = 10_000,
                reloadable = true)
        @DefaultValue("100")
        int most,

        @Setting(
                value =
                        "The longest delay. Calls schedule their end by some seconds to some hours; with less they go without.",
                min = 1000,
                max = 31_622_400_000L,
                reloadable = true)
        @DefaultValue("24h")
        Duration longest) {}
