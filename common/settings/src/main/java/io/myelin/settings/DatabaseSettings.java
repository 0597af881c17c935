package io.myelin.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** PostgreSQL: the server's own unless another is named. */
public record DatabaseSettings(
        @Setting(
                value = "An existing PostgreSQL, version 17 or newer. One of the server's own if not set.",
                pattern = "jdbc:postgresql:.*",
                form = "`jdbc:postgresql://host:5432/database`")
        @Nullable
        String url,

        @Setting("Its role, the owner of the database.") @DefaultValue("myelin")
        String user,

        @Setting(value = "The role's password.", secret = true) @Nullable
        String password,

        @Setting(
                value = "Connections for queries. Each service's shards use a few more, outside of this pool.",
                min = 2,
                max = 500)
        @DefaultValue("16")
        int poolSize,

        @Setting(value = "The cache of the server's own PostgreSQL.", min = 8 << 20, max = 64L << 30)
        @DefaultValue("128MB")
        DataSize sharedBuffers,

        @Setting(
                value = "How long the server's own PostgreSQL outlives a server that was killed, "
                        + "to be taken over by the next start.",
                min = 1000,
                max = 600_000)
        @DefaultValue("20s")
        Duration orphanLinger) {
    public boolean isEmbedded() {
        return url == null;
    }
}
