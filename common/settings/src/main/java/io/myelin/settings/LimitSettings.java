package io.myelin.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** Limits on requests and commands, for all services. */
public record LimitSettings(
        @Setting(
                value = "The size of a request's body. (An event's is 65,536 bytes in any case.)",
                min = 65_536,
                max = 256 << 20,
                reloadable = true)
        @DefaultValue("1MB")
        DataSize requestSize,

        @Setting(
                value = "The memory for the bodies of all requests under way, with what parsing makes of them; "
                        + "beyond, clients get 429. 0 is an eighth of the heap.",
                min = 0,
                max = 64L << 30)
        @DefaultValue("0MB")
        DataSize requestMemory,

        @Setting(
                value = "How long a request's body may take to begin, and pause at most; a slower one gets 408. "
                        + "Its headers have three times that, all together.",
                min = 100,
                max = 300_000)
        @DefaultValue("10s")
        Duration requestPause,

        @Setting(
                value = "The bytes a second that a request's body has to come with after that.",
                min = 1,
                max = 1 << 30)
        @DefaultValue("2KB")
        DataSize requestRate,

        @Setting(
                value = "The bytes a second at which a client has to read an answer of more than 64 KB, from 20 s "
                        + "after it begins; a slower one is cut off, as is one that takes longer than 20 s for a part "
                        + "of 64 KB.",
                min = 1,
                max = 1 << 30,
                reloadable = true)
        @DefaultValue("4KB")
        DataSize responseRate,

        @Setting(
                value = "How many commands may be under way at once in one process; beyond, clients get 429.",
                min = 16,
                max = 1_000_000)
        @DefaultValue("4096")
        int commandsInFlight,

        @Setting(value = "How long a command may take before its client gets 504.", min = 1000, max = 300_000)
        @DefaultValue("30s")
        Duration commandDeadline) {}
