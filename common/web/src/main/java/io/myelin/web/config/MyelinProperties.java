package io.myelin.web.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** Everything that can be configured; the words for each setting are at its component. */
@ConfigurationProperties("myelin")
public record MyelinProperties(
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

        @Setting("The server's signing key: `ed25519 <key id> <seed>`. Made at the first start. "
                + "`signing.key` in the data directory if not set.")
        @Nullable
        Path signingKeyFile,

        @Setting(
                "The name of this process, where the components are processes of their own: in its log file's name and in "
                        + "`./myelin status`. The component's name if not set.")
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
                value =
                        "Into how many shards those who type and those who are online are divided; never into more than "
                                + "`shards`. Can be changed between a stop of the whole server and its start.",
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

        @DefaultValue ListenerProperties listeners,
        @DefaultValue ServiceProperties services,
        @DefaultValue TlsProperties tls,
        @DefaultValue RegistrationProperties registration,
        @DefaultValue DatabaseProperties database,
        @DefaultValue KafkaProperties kafka,
        @DefaultValue RoomProperties rooms,
        @DefaultValue SyncProperties sync,
        @DefaultValue LimitProperties limits,
        @DefaultValue PasswordProperties passwords,
        @DefaultValue AccountProperties accounts,
        @DefaultValue FederationProperties federation) {

    /** At most {@link #shards()}: the rooms of a shard are all in one of these too. */
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

    /** Where the server listens. */
    public record ListenerProperties(
            @Setting("The address to listen on. `0.0.0.0` is all of this machine's; then think about `registration`.")
            @DefaultValue("127.0.0.1")
            String address,

            @Setting(value = "The port for clients, plain HTTP.", min = 1, max = 65535) @DefaultValue("8008")
            int clientPort,

            @Setting(value = "The port for other servers, HTTPS.", min = 1, max = 65535) @DefaultValue("8448")
            int federationPort,

            @Setting(
                    "Whether the federation port serves clients too, as conformance harnesses ask for. Otherwise it serves "
                            + "other servers alone. (The client port serves both, for a proxy that forwards everything to it.)")
            @DefaultValue("false")
            boolean federationServesClients,

            @Setting(
                    value = "The port for `./myelin user add` and for other processes of this server; "
                            + "0 lets the server choose one.",
                    min = 0,
                    max = 65535)
            @DefaultValue("0")
            int internalPort,

            @Setting("The address of the internal port. Never one that strangers reach.") @DefaultValue("127.0.0.1")
            String internalAddress,

            @Setting("Where the server's other processes reach the internal port. "
                    + "`http://<internal-address>:<internal-port>` if not set.")
            @Nullable
            URI internalUrl,

            @Setting(value = "How many requests are worked on or parked at once.", min = 64, max = 1_000_000)
            @DefaultValue("20000")
            int maxThreads,

            @Setting(
                    value = "How many connections clients and other servers may have at once; further ones wait. "
                            + "0 is as many as the process may open files, less those that it needs for the rest.",
                    min = 0,
                    max = 10_000_000)
            @DefaultValue("0")
            int maxConnections,

            @Setting(
                    value = "How many of those one address may have at once; further ones are closed. "
                            + "0 is a quarter of all. Trusted proxies may have any number.",
                    min = 0,
                    max = 10_000_000)
            @DefaultValue("0")
            int connectionsOfAddress,

            @Setting(
                    value = "Proxies that say in `X-Forwarded-For` for whom they ask. Limits for each client's address "
                            + "count by that; what others say there is not believed.",
                    pattern = "[0-9A-Fa-f.:]+/[0-9]{1,3}(,\\s*[0-9A-Fa-f.:]+/[0-9]{1,3})*",
                    form = "networks with commas between: `127.0.0.1/32, ::1/128, 10.1.0.0/16`")
            @DefaultValue("127.0.0.1/32, ::1/128")
            String trustedProxies) {}

    /** Where services are, when they are processes of their own. */
    public record ServiceProperties(
            @Setting(value = WHERE + "room-server.", pattern = ADDRESSES, form = ADDRESSES_FORM) @Nullable
            String roomServer,

            @Setting(value = WHERE + "account-server.", pattern = ADDRESSES, form = ADDRESSES_FORM) @Nullable
            String accountServer,

            @Setting(value = WHERE + "receipt-server.", pattern = ADDRESSES, form = ADDRESSES_FORM) @Nullable
            String receiptServer,

            @Setting(value = WHERE + "typing-server.", pattern = ADDRESSES, form = ADDRESSES_FORM) @Nullable
            String typingServer,

            @Setting(value = WHERE + "presence-server.", pattern = ADDRESSES, form = ADDRESSES_FORM) @Nullable
            String presenceServer,

            @Setting(value = SHOWN + "client-room-send.", pattern = ADDRESSES, form = ADDRESSES_FORM) @Nullable
            String clientRoomSend,

            @Setting(value = SHOWN + "client-sync.", pattern = ADDRESSES, form = ADDRESSES_FORM) @Nullable
            String clientSync,

            @Setting(value = SHOWN + "federation-send.", pattern = ADDRESSES, form = ADDRESSES_FORM) @Nullable
            String federationSend) {
        private static final String WHERE =
                "For processes of their own: internal addresses of one or more instances of ";
        private static final String SHOWN =
                "For the page that shows the wiring of separate processes: internal addresses of all instances of ";
        private static final String ADDRESSES = "https?://[^\\s,]+(,https?://[^\\s,]+)*";
        private static final String ADDRESSES_FORM = "`http://host:port,http://host2:port`";

        /**
         * The internal addresses of instances of a service, without a slash at their ends; the others are learned from
         * those.
         *
         * @param service such as {@code room-server}
         */
        public List<URI> of(String service) {
            var addresses = switch (service) {
                case "room-server" -> roomServer;
                case "account-server" -> accountServer;
                case "receipt-server" -> receiptServer;
                case "typing-server" -> typingServer;
                case "presence-server" -> presenceServer;
                case "client-room-send" -> clientRoomSend;
                case "client-sync" -> clientSync;
                case "federation-send" -> federationSend;
                default -> throw new IllegalArgumentException("There is no setting for where " + service + " is");
            };
            return addresses == null
                    ? List.of()
                    : Arrays.stream(addresses.split(",", -1))
                            .map(address -> URI.create(address.replaceAll("/+$", "")))
                            .toList();
        }
    }

    /** The certificate of the federation port. */
    public record TlsProperties(
            @Setting("The certificate and its chain, PEM. Without one the server makes a certificate of its own, "
                    + "which other servers do not trust.")
            @Nullable
            Path certificate,

            @Setting("The certificate's private key, PEM (PKCS#8, PKCS#1 or SEC 1), not encrypted.") @Nullable
            Path privateKey,

            @Setting("Certificates, PEM, to trust for outgoing connections besides those that Java trusts.") @Nullable
            Path trustedCertificates) {}

    /** Who may register. */
    public record RegistrationProperties(
            @Setting("Whether everybody who reaches the client port may register.") @DefaultValue("true")
            boolean enabled,

            @Setting(
                    value = "The secret with which scripts may register users, administrators too, though registration "
                            + "is closed. None if not set. It is no registration token.",
                    secret = true)
            @Nullable
            String sharedSecret,

            @Setting(
                    value = "Registration tokens: whoever has one may register an ordinary user though registration is "
                            + "closed. None if not set.",
                    pattern = "[A-Za-z0-9._~-]{1,64}(,\\s*[A-Za-z0-9._~-]{1,64})*",
                    form = "tokens of A-Z, a-z, 0-9, `.`, `_`, `~` and `-` with commas between",
                    secret = true)
            @Nullable
            String tokens,

            @Setting(
                    value = "Users a minute that one address may register; 0 is no limit. "
                            + "This machine itself is not limited.",
                    min = 0,
                    max = 1_000_000)
            @DefaultValue("60")
            int perMinute) {
        /** Each of the tokens. */
        public List<String> eachToken() {
            return tokens == null ? List.of() : List.of(tokens.strip().split("\\s*,\\s*", -1));
        }
    }

    /** PostgreSQL: one of our own unless another is named. */
    public record DatabaseProperties(
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

    /** Kafka: a broker of our own unless others are named. */
    public record KafkaProperties(
            @Setting(
                    value = "An existing Kafka, version 4.0 or newer. One of the server's own if not set.",
                    pattern = "[^\\s,]+:[0-9]+(,[^\\s,]+:[0-9]+)*",
                    form = "`host:9092,host2:9092`")
            @Nullable
            String bootstrapServers,

            @Setting(
                    value = "How an existing Kafka is spoken to. `PLAINTEXT` if not set.",
                    oneOf = {"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"})
            @Nullable
            String securityProtocol,

            @Setting("The SASL mechanism with which an existing Kafka knows this server, such as `SCRAM-SHA-512`.")
            @Nullable
            String saslMechanism,

            @Setting(
                    value = "Its login module with the user's name and password, as Kafka's clients write it: "
                            + "`org.apache.kafka.common.security.scram.ScramLoginModule required username=\"myelin\" "
                            + "password=\"...\";`",
                    secret = true)
            @Nullable
            String saslJaasConfig,

            @Setting("A file with further settings for clients of an existing Kafka, one `name=value` a line, such as "
                    + "`ssl.truststore.location` and `ssl.truststore.password`.")
            @Nullable
            Path propertiesFile,

            @Setting(
                    value = "Over how many partitions the answers to commands are spread. A process reads one of them, "
                            + "and what others read there too.",
                    min = 1,
                    max = 1024)
            @DefaultValue("8")
            int replyPartitions) {
        public boolean isEmbedded() {
            return bootstrapServers == null;
        }
    }

    /** What new rooms are like, and what is kept of all. */
    public record RoomProperties(
            @Setting(
                    value = "The version of new rooms.",
                    oneOf = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"})
            @DefaultValue("12")
            String defaultVersion,

            @Setting(
                    value = "The preset of new rooms whose creator names none and does not ask for a listed room.",
                    oneOf = {"private_chat", "trusted_private_chat", "public_chat"})
            @DefaultValue("private_chat")
            String defaultPreset,

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
                    max = 1L << 40)
            @DefaultValue("16MB")
            DataSize stateSize,

            @Setting(
                    value = "How many state events users of this server may let a room have, memberships not counted.",
                    min = 100,
                    max = 10_000_000)
            @DefaultValue("20000")
            int stateEntries,

            @Setting(
                    value =
                            "How many members and invited users a room may have when another user of this server joins it, "
                                    + "or invites somebody.",
                    min = 2,
                    max = 10_000_000)
            @DefaultValue("250000")
            int members) {

        /** In bytes. */
        public long memoryOr(long standard) {
            DataSize set = memory;
            return set == null ? standard : set.toBytes();
        }
    }

    /** Long polls. */
    public record SyncProperties(
            @Setting(
                    value = "The longest that a `/sync` is parked, whatever its client asks for.",
                    min = 0,
                    max = 3_600_000)
            @DefaultValue("2m")
            Duration maxTimeout,

            @Setting(value = "Events of a room's timeline in a `/sync` without a filter.", min = 1, max = 1000)
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
                    max = 10_000_000)
            @DefaultValue("100000")
            int parked,

            @Setting(
                    value = "How many of them may be one user's; beyond, the one that has waited longest is answered.",
                    min = 1,
                    max = 100_000)
            @DefaultValue("100")
            int parkedPerUser,

            @Setting(
                    value =
                            "How many answers of more than 64 KB one process sends at once; one whose turn does not come "
                                    + "in 10 s becomes a 429. What each tells of stays in memory until its client has read it.",
                    min = 1,
                    max = 100_000)
            @DefaultValue("64")
            int largeAnswers,

            @Setting(value = "How many of them may be one user's.", min = 1, max = 100_000) @DefaultValue("4")
            int largeAnswersPerUser) {

        /** In bytes. */
        public long memoryOr(long standard) {
            DataSize set = memory;
            return set == null ? standard : set.toBytes();
        }
    }

    /** What one request, or all together, may cost. */
    public record LimitProperties(
            @Setting(
                    value = "The size of a request's body. (An event's is 65,536 bytes in any case.)",
                    min = 65_536,
                    max = 256 << 20)
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
                    max = 1 << 30)
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
            Duration commandDeadline,

            @Setting(
                    value = "Events a second that one user may send for long. 0 lets them send as they please.",
                    min = 0,
                    max = 1_000_000)
            @DefaultValue("0")
            int eventsPerSecond,

            @Setting(
                    value = "Receipts, typing notifications and presence changes a second that one user may send "
                            + "for long. 0 is no limit.",
                    min = 0,
                    max = 1_000_000)
            @DefaultValue("0")
            int signalsPerSecond,

            @Setting(
                    value = "How long somebody is shown as typing at most without saying so again.",
                    min = 1000,
                    max = 300_000)
            @DefaultValue("120s")
            Duration typing,

            @Setting(value = "How many are shown as typing in one room at once.", min = 1, max = 10_000)
            @DefaultValue("500")
            int typists,

            @Setting(
                    value =
                            "In rooms with more members a change of presence answers nobody's /sync; the next answer tells of it.",
                    min = 0,
                    max = 1_000_000)
            @DefaultValue("1000")
            int presenceMembers,

            @Setting(
                    value = "Attempts a minute to log in to one account from one address; nobody can use up another's. "
                            + "Also wrong registration tokens and secrets. 0 is no limit.",
                    min = 0,
                    max = 1_000_000)
            @DefaultValue("30")
            int loginsPerMinute,

            @Setting(
                    value = "Changes of their profile that one user may make in a minute. Each goes to every room that "
                            + "the user is in. 0 is no limit.",
                    min = 0,
                    max = 1_000_000)
            @DefaultValue("60")
            int profileChangesPerMinute) {}

    /** What a password is like, and how expensive it is to guess one (Argon2id). */
    public record PasswordProperties(
            @Setting(value = "How many characters a new password has at least.", min = 1, max = 128) @DefaultValue("8")
            int minLength,

            @Setting(
                    value =
                            "Passwords a minute that one address may have checked, of whichever accounts; 0 is no limit. "
                                    + "This machine itself is not limited.",
                    min = 0,
                    max = 1_000_000)
            @DefaultValue("300")
            int perMinute,

            @Setting(value = "Memory, in KiB.", min = 8, max = 1 << 20) @DefaultValue("19456")
            int memoryKib,

            @Setting(value = "Passes over the memory.", min = 1, max = 100) @DefaultValue("2")
            int iterations,

            @Setting(value = "Lanes.", min = 1, max = 64) @DefaultValue("1")
            int parallelism) {}

    /** How other servers are reached, and what they are told of this one. */
    public record FederationProperties(
            @Setting(
                    value = "Networks that other servers may be in though they are not public, such as `10.0.0.0/8`. "
                            + "Otherwise this server connects to public addresses only.",
                    pattern = "[0-9A-Fa-f.:]+/[0-9]{1,3}(,\\s*[0-9A-Fa-f.:]+/[0-9]{1,3})*",
                    form = "networks with commas between: `10.0.0.0/8, fd00::/8`")
            @Nullable
            String allowedNetworks,

            @Setting("Whether other servers must show a certificate of their name that is trusted. "
                    + "`false` is for networks where something else sees to that.")
            @DefaultValue("true")
            boolean verifyCertificates,

            @Setting(
                    value = "How long another server may take to connect to, and then to answer.",
                    min = 100,
                    max = 300_000)
            @DefaultValue("10s")
            Duration timeout,

            @Setting(
                    value = "How many connections to all other servers together may be open.",
                    min = 2,
                    max = 1_000_000)
            @DefaultValue("512")
            int maxConnections,

            @Setting(
                    value = "How many servers' keys one address may ask this one for in a minute. 0 is no limit.",
                    min = 0,
                    max = 1_000_000)
            @DefaultValue("600")
            int notaryPerMinute,

            @Setting(
                    value = "Signing keys that this server no longer uses, so that its old events can be verified.",
                    pattern =
                            "ed25519:\\w+=[A-Za-z0-9+/]{43}@[0-9]{1,15}(,\\s*ed25519:\\w+=[A-Za-z0-9+/]{43}@[0-9]{1,15})*",
                    form = "`ed25519:<key id>=<public key>@<end of its use, ms since 1970>`, more after commas")
            @Nullable
            String oldVerifyKeys) {}
}
