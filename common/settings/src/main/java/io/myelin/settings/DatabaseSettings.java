package io.myelin.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** PostgreSQL: the server's own unless another is named. */
public record DatabaseSettings(
        @Setting(
                value = "An existing PostgreSQL, version 17 or newer. One of the server's own if not set.",
                pattern = DatabaseSettings.URL,
                form = DatabaseSettings.URL_FORM)
        @Nullable
        String url,

        @Setting("Its role, the owner of the database.") @DefaultValue("myelin")
        String user,

        @Setting(value = "The role's password.", secret = true) @Nullable
        String password,

        @Setting("A file with the role's password, instead of `database.password`.") @Nullable
        Path passwordFile,

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
    static final String URL = "jdbc:postgresql:.*";
    static final String URL_FORM = "`jdbc:postgresql://host:5432/database`, of several servers "
            + "`jdbc:postgresql://a:5432,b:5432/database?targetServerType=primary`";

    public boolean isEmbedded() {
        return url == null;
    }

    /**
     * The password to log in with: that of the file if there is one, and an empty one if none is set.
     *
     * @throws ConfigurationRefused if the file cannot be read
     */
    public String givenPassword() {
        if (passwordFile == null) {
            return password == null ? "" : password;
        }
        try {
            return Files.readString(passwordFile).strip();
        } catch (IOException e) {
            throw new ConfigurationRefused(
                    List.of("database.password-file: " + passwordFile + " cannot be read by this process."));
        }
    }
}
