package io.myelin.allinone;

import io.myelin.embedded.DataDirectory;
import io.myelin.embedded.DurableFile;
import io.myelin.embedded.EmbeddedKafka;
import io.myelin.embedded.EmbeddedPostgresql;
import io.myelin.embedded.EngineCache;
import io.myelin.embedded.PostgresqlSettings;
import io.myelin.kafka.KafkaSettings;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.server.listen.InternalPort;
import io.myelin.server.process.ExternalDatabase;
import io.myelin.server.process.ProcessResources;
import io.myelin.server.process.SigningKeyFile;
import io.myelin.settings.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A data directory of its own, and a database and a broker: embedded ones, or those that the configuration names. Embedded
 * engines start in parallel with everything else; the methods wait until an engine is ready.
 */
final class EmbeddedResources implements ProcessResources {
    private static final int CONNECTIONS_BESIDE_THE_POOL = 64;
    private static final int MEGABYTE = 1 << 20;

    private final ServerSettings properties;
    private final DataDirectory data;
    private final CompletableFuture<Optional<EmbeddedPostgresql>> postgresql;
    private final CompletableFuture<Optional<EmbeddedKafka>> kafka;
    private final KafkaSettings kafkaSettings;
    private final InternalPort internalPort;
    private final KeyStore tls;

    /** Opens the data directory and starts the embedded engines. */
    EmbeddedResources(ServerSettings properties) {
        this.properties = properties;
        data = DataDirectory.open(properties.data());
        SigningKeyFile.readOrCreate(properties.signingKey());
        // This must be set before anything reads it: the web server, the engines and their native libraries all create
        // temporary files.
        System.setProperty("java.io.tmpdir", data.temporary().toString());
        data.reservePort("client", properties.listeners().clientPort());
        data.reservePort("federation", properties.listeners().federationPort());
        // The port must be drawn before a process is spawned: until a new process has closed its inherited sockets, our
        // former ports look taken.
        internalPort = internalPort(properties, data);
        if (properties.kafka().isEmbedded()) {
            var port = EmbeddedKafka.port(data);
            kafkaSettings = ownKafka(data, port);
            kafka = started("kafka", () -> EmbeddedKafka.start(data, port));
        } else {
            kafkaSettings = new KafkaSettings(
                    String.valueOf(properties.kafka().bootstrapServers()),
                    properties.kafka().clientSettings());
            kafka = notOurs();
        }
        postgresql = properties.database().isEmbedded()
                ? started(
                        "postgresql",
                        () -> EmbeddedPostgresql.start(data, EngineCache.directory(), settings(properties)))
                : notOurs();
        tls = TlsIdentity.keyStore(properties, data);
    }

    private static <T> CompletableFuture<Optional<T>> started(String name, Supplier<T> start) {
        return CompletableFuture.supplyAsync(
                () -> Optional.of(start.get()),
                task -> Thread.ofPlatform().name("start-" + name).start(task));
    }

    private static <T> CompletableFuture<Optional<T>> notOurs() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private static PostgresqlSettings settings(ServerSettings properties) {
        var database = properties.database();
        return new PostgresqlSettings(
                (int) (database.sharedBuffers().toBytes() / MEGABYTE),
                database.poolSize() + CONNECTIONS_BESIDE_THE_POOL,
                database.orphanLinger());
    }

    /** Port and secret are in the data directory: a user that can read them may command the server. */
    private static InternalPort internalPort(ServerSettings properties, DataDirectory data) {
        var configured = properties.listeners().internalPort();
        if (configured == 0) {
            return InternalPort.of(properties, data.port("internal"), data.secret("internal"));
        }
        try {
            DurableFile.write(DataFiles.internalPort(data.path()), configured + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return InternalPort.of(properties, configured, data.secret("internal"));
    }

    Path directory() {
        return data.path();
    }

    @Override
    public DatabaseLogin database() {
        return await(postgresql)
                .map(EmbeddedPostgresql::login)
                .map(login -> new DatabaseLogin(login.url(), login.user(), login.password()))
                .orElseGet(() -> ExternalDatabase.await(
                        properties.database(),
                        String.valueOf(properties.database().url())));
    }

    /**
     * The settings of the embedded broker, before it accepts requests. Its clients are created meanwhile, so they try to
     * reconnect often.
     */
    private static KafkaSettings ownKafka(DataDirectory data, int port) {
        var more = new HashMap<>(EmbeddedKafka.clientSettings(data));
        more.put("reconnect.backoff.max.ms", "50");
        return new KafkaSettings(EmbeddedKafka.bootstrapServers(port), more);
    }

    @Override
    public KafkaSettings kafka() {
        return kafkaSettings;
    }

    @Override
    public void awaitKafka() {
        await(kafka);
    }

    private static <T> T await(CompletableFuture<T> engine) {
        try {
            return engine.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public InternalPort internalPort() {
        return internalPort;
    }

    @Override
    public KeyStore tls() {
        return tls;
    }

    @Override
    public Path log() {
        return data.log("myelin");
    }

    /**
     * Stops the engines. The broker stops first, because its consumers still need the database for the records that it has
     * delivered.
     */
    @Override
    public void close() {
        try {
            stop(kafka);
        } finally {
            try {
                stop(postgresql);
            } finally {
                data.close();
            }
        }
    }

    private static void stop(CompletableFuture<? extends Optional<? extends AutoCloseable>> engine) {
        engine.handle((started, failure) -> started)
                .thenAccept(started -> {
                    if (started != null && started.isPresent()) {
                        close(started.get());
                    }
                })
                .join();
    }

    private static void close(AutoCloseable engine) {
        try {
            engine.close();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
