package io.myelin.settings;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The settings of the whole server. Each service has further settings of its own. */
@ConfigurationProperties("myelin")
public record ServerSettings(
        @Setting(
                value = "The server's name, the part of `@alice:example.org` after the colon. It can never be changed.",
                pattern = "([A-Za-z0-9.-]{1,230}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?",
                form = "a host name or IP address, with a port if need be: `example.org`, `localhost:8448`")
        @DefaultValue("localhost")
        String serverName,

        @Setting("The address that clients use. `http://localhost:<client port>` if not set.") @Nullable
        URI publicBaseUrl,

        @Setting("The directory of everything that the server keeps. `./myelin run --data DIR` overrides it.")
        @DefaultValue("data")
        Path data,

        @Setting("The server's signing key: `ed25519 <key id> <seed>`. Made at the first start, "
                + "except by processes of their own: `./myelin secrets DIR` makes one for them. "
                + "`signing.key` in the data directory if not set.")
        @Nullable
        Path signingKeyFile,

        @Setting("The name of this process, where the components are processes of their own: in its log file's name and"
                + " in `./myelin status`. The component's name if not set.")
        @Nullable
        String instance,

        @Setting("The secret that processes prove to each other that they know. "
                + "`internal.secret` in the data directory if not set.")
        @Nullable
        Path internalSecretFile,

        @Setting(
                value = "Into how many shards rooms and users are divided. Can only be changed offline.",
                min = 1,
                max = 1024,
                powerOfTwo = true)
        @DefaultValue("16")
        int shards,

        @Setting(
                value = "Into how many shards those who type and those who are online are divided; never into more"
                        + " than `shards`. Can be changed between a stop of the whole server and its start.",
                min = 1,
                max = 1024,
                powerOfTwo = true)
        @DefaultValue("4")
        int ephemeralShards,

        @Setting("For conformance tests only: no rate limits, passwords hashed cheaply, other servers at any address.")
        @DefaultValue("false")
        boolean testMode,

        @Setting("Allows `test-mode` on listeners that others than this machine reach.") @DefaultValue("false")
        boolean testModeExposed,

        @DefaultValue ListenerSettings listeners,
        @DefaultValue TlsSettings tls,
        @DefaultValue DatabaseSettings database,
        @DefaultValue BrokerSettings kafka,
        @DefaultValue RoomDefaults rooms,
        @DefaultValue LimitSettings limits,
        @DefaultValue RateLimitSettings rateLimits,
        @DefaultValue DelayedEventSettings delayedEvents,
        @DefaultValue ServerNoticeSettings serverNotices,
        @DefaultValue LoggingSettings logging,
        @DefaultValue TraceSettings traces) {

    /** At most {@link #shards()}, so that the rooms of one shard are also in one ephemeral shard. */
    @Override
    public int ephemeralShards() {
        return Math.min(ephemeralShards, shards);
    }

    /** The address that clients use, without a slash at its end. */
    public String baseUrl() {
        var url = publicBaseUrl == null ? "http://localhost:" + listeners.clientPort() : publicBaseUrl.toString();
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** Where the signing key is. */
    public Path signingKey() {
        return signingKeyFile == null ? data.resolve("signing.key") : signingKeyFile;
    }

    /** Where the secret of the internal listeners is. */
    public Path internalSecret() {
        return internalSecretFile == null ? data.resolve("internal.secret") : internalSecretFile;
    }

    /** Settings for new rooms on which services have to agree. */
    public record RoomDefaults(
            @Setting(
                    value = "The version of new rooms.",
                    oneOf = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"})
            @DefaultValue("12")
            String defaultVersion) {}
}
