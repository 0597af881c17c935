package io.myelin.allinone;

import io.myelin.embedded.DataDirectory;
import io.myelin.embedded.EmbeddedKafka;
import io.myelin.embedded.EmbeddedPostgresql;
import io.myelin.embedded.EngineCache;
import io.myelin.embedded.PostgresqlSettings;
import io.myelin.kafka.KafkaSettings;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.web.config.MyelinProperties;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The database and the broker, ours or those that the configuration names. Ours start side by side with everything
 * else: who needs one waits for it here.
 */
final class Engines implements AutoCloseable {
    private static final int CONNECTIONS_BESIDE_THE_POOL = 64;
    private static final int MEGABYTE = 1 << 20;

    private final CompletableFuture<Optional<EmbeddedPostgresql>> postgresql;
    private final CompletableFuture<Optional<EmbeddedKafka>> kafka;
    private final MyelinProperties properties;

    private Engines(
            CompletableFuture<Optional<EmbeddedPostgresql>> postgresql,
            CompletableFuture<Optional<EmbeddedKafka>> kafka,
            MyelinProperties properties) {
        this.postgresql = postgresql;
        this.kafka = kafka;
        this.properties = properties;
    }

    static Engines start(MyelinProperties properties, DataDirectory data) {
        var database = properties.database();
        var settings = new PostgresqlSettings(
                (int) (database.sharedBuffers().toBytes() / MEGABYTE),
                database.poolSize() + CONNECTIONS_BESIDE_THE_POOL,
                database.orphanLinger());
        var postgresql = startIf(
                database.isEmbedded(),
                "postgresql",
                () -> EmbeddedPostgresql.start(data, EngineCache.directory(), settings));
        var kafka = startIf(properties.kafka().isEmbedded(), "kafka", () -> EmbeddedKafka.start(data));
        return new Engines(postgresql, kafka, properties);
    }

    private static <T> CompletableFuture<Optional<T>> startIf(boolean embedded, String name, Supplier<T> start) {
        if (!embedded) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return CompletableFuture.supplyAsync(
                () -> Optional.of(start.get()),
                task -> Thread.ofPlatform().name("start-" + name).start(task));
    }

    /** Where the database is, as soon as it takes connections. */
    DatabaseLogin database() {
        return await(postgresql)
                .map(EmbeddedPostgresql::login)
                .map(login -> new DatabaseLogin(login.url(), login.user(), login.password()))
                .orElseGet(() -> {
                    var database = properties.database();
                    var password = database.password() == null ? "" : database.password();
                    return new DatabaseLogin(String.valueOf(database.url()), database.user(), password);
                });
    }

    /** Where the broker is, as soon as it takes requests. */
    KafkaSettings kafka() {
        var servers = await(kafka)
                .map(EmbeddedKafka::bootstrapServers)
                .orElseGet(() -> String.valueOf(properties.kafka().bootstrapServers()));
        return new KafkaSettings(servers, Map.of());
    }

    private static <T> T await(CompletableFuture<T> engine) {
        try {
            return engine.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Stops ours: the broker first, since what it has delivered must still find the database. */
    @Override
    public void close() {
        try {
            stop(kafka);
        } finally {
            stop(postgresql);
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
