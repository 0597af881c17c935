package io.myelin.embedded;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The database and the broker of one server. They start in parallel. The broker stops first, because the records it has
 * delivered must still reach the database.
 *
 * @param postgresql the database
 * @param kafka the broker
 */
public record EmbeddedEngines(EmbeddedPostgresql postgresql, EmbeddedKafka kafka) implements AutoCloseable {
    /** Returns when both can be used. If one does not start, the other is stopped again. */
    public static EmbeddedEngines start(DataDirectory data, Path cache, PostgresqlSettings settings) {
        return start(() -> EmbeddedPostgresql.start(data, cache, settings), () -> EmbeddedKafka.start(data));
    }

    /** For tests: the broker is open to every user of this machine. */
    public static EmbeddedEngines startOpen(DataDirectory data, Path cache, PostgresqlSettings settings) {
        return start(() -> EmbeddedPostgresql.start(data, cache, settings), () -> EmbeddedKafka.startOpen(data));
    }

    private static EmbeddedEngines start(
            Supplier<EmbeddedPostgresql> startPostgresql, Supplier<EmbeddedKafka> startKafka) {
        var postgresql = startAside("postgresql", startPostgresql);
        var kafka = startAside("kafka", startKafka);
        try {
            return new EmbeddedEngines(postgresql.join(), kafka.join());
        } catch (CompletionException e) {
            stopIfStarted(kafka);
            stopIfStarted(postgresql);
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static <T> CompletableFuture<T> startAside(String name, Supplier<T> start) {
        return CompletableFuture.supplyAsync(
                start, task -> Thread.ofPlatform().name("start-" + name).start(task));
    }

    private static void stopIfStarted(CompletableFuture<? extends AutoCloseable> engine) {
        engine.handle((started, failure) -> {
                    if (started != null) {
                        closeQuietly(started);
                    }
                    return failure;
                })
                .join();
    }

    private static void closeQuietly(AutoCloseable engine) {
        try {
            engine.close();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void close() {
        try {
            kafka.close();
        } finally {
            postgresql.close();
        }
    }
}
