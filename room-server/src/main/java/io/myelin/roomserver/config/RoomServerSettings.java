package io.myelin.roomserver.config;

import io.myelin.settings.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** The settings of room-server. */
@ConfigurationProperties("myelin")
public record RoomServerSettings(@DefaultValue Rooms rooms) {

    /** What is kept of rooms, and how large they may become. */
    public record Rooms(
            @Setting("Whether what was redacted is deleted from the database, and not only shown to nobody.")
            @DefaultValue("true")
            boolean pruneRedacted,

            @Setting(
                    value = "How long after its redaction that happens; 0 is within seconds.",
                    min = 0,
                    max = 315_360_000_000L)
            @DefaultValue("7d")
            Duration redactedKept,

            @Setting(
                    value = "What room-server may hold of rooms in memory, in one process; the rest is read when it is "
                            + "needed. A fifth of the heap if not set.",
                    min = 1 << 20,
                    max = 1L << 40)
            @Nullable
            DataSize memory,

            @Setting(
                    value = "How large users of this server may let the state of a room become. Memberships are not "
                            + "counted, but may have no more than as much beyond 2 KB each.",
                    min = 1 << 20,
                    max = 1L << 40,
                    reloadable = true)
            @DefaultValue("16MB")
            DataSize stateSize,

            @Setting(
                    value = "How many state events users of this server may let a room have, memberships not counted.",
                    min = 100,
                    max = 10_000_000,
                    reloadable = true)
            @DefaultValue("20000")
            int stateEntries,

            @Setting(
                    value =
                            "How many members and invited users a room may have when another user of this server joins it, "
                                    + "or invites somebody.",
                    min = 2,
                    max = 10_000_000,
                    reloadable = true)
            @DefaultValue("250000")
            int members) {

        /** In bytes. */
        public long memoryOr(long standard) {
            DataSize set = memory;
            return set == null ? standard : set.toBytes();
        }
    }
}
