package io.myelin.clientsync.config;

import io.myelin.settings.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** The settings of client-sync. */
@ConfigurationProperties("myelin")
public record ClientSyncSettings(
        @DefaultValue Sync sync, @DefaultValue Limits limits) {

    /** Long polls, and the memory for them. */
    public record Sync(
            @Setting(
                    value = "The longest that a `/sync` is parked, whatever its client asks for.",
                    min = 0,
                    max = 3_600_000)
            @DefaultValue("2m")
            Duration maxTimeout,

            @Setting(
                    value = "Events of a room's timeline in a `/sync` without a filter.",
                    min = 1,
                    max = 1000,
                    reloadable = true)
            @DefaultValue("10")
            int timelineLimit,

            @Setting(
                    value =
                            "What client-sync may hold of rooms, users, receipts and filters in memory, in one process; the "
                                    + "rest is read when it is needed. A room that is larger than all of it cannot be read. "
                                    + "A quarter of the heap if not set.",
                    min = 1 << 20,
                    max = 1L << 40)
            @Nullable
            DataSize memory,

            @Setting(
                    value = "How many `/sync` may be parked at once in one process; beyond, clients get 429.",
                    min = 16,
                    max = 10_000_000,
                    reloadable = true)
            @DefaultValue("100000")
            int parked,

            @Setting(
                    value = "How many of them may be one user's; beyond, the one that has waited longest is answered.",
                    min = 1,
                    max = 100_000,
                    reloadable = true)
            @DefaultValue("100")
            int parkedPerUser,

            @Setting(
                    value =
                            "How many answers of more than 64 KB one process sends at once; one whose turn does not come "
                                    + "in 10 s becomes a 429. What each tells of stays in memory until its client has read it.",
                    min = 1,
                    max = 100_000,
                    reloadable = true)
            @DefaultValue("64")
            int largeAnswers,

            @Setting(value = "How many of them may be one user's.", min = 1, max = 100_000, reloadable = true)
            @DefaultValue("4")
            int largeAnswersPerUser) {

        /** The memory limit in bytes; {@code standard} if it is not set. */
        public long memoryOr(long standard) {
            DataSize set = memory;
            return set == null ? standard : set.toBytes();
        }
    }

    /** Limits on which users news wakes. */
    public record Limits(
            @Setting(
                    value =
                            "In rooms with more members a change of presence answers nobody's /sync; the next answer tells of it.",
                    min = 0,
                    max = 1_000_000,
                    reloadable = true)
            @DefaultValue("1000")
            int presenceMembers) {}
}
