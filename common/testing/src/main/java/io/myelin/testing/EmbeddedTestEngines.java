package io.myelin.testing;

import io.myelin.embedded.DataDirectory;
import io.myelin.embedded.DatabaseLogin;
import io.myelin.embedded.EmbeddedEngines;
import io.myelin.embedded.EmbeddedKafka;
import io.myelin.embedded.EmbeddedPostgresql;
import io.myelin.embedded.EngineCache;
import io.myelin.embedded.PostgresqlSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The engines of all-in-one, equally durable, with their data below {@code target/}. A test can kill, stop and wipe
 * them.
 */
public final class EmbeddedTestEngines implements TestEngines {
    private static final PostgresqlSettings SETTINGS = new PostgresqlSettings(64, 200, Duration.ofSeconds(3));

    private final DataDirectory data;
    private final EmbeddedPostgresql postgresql;
    private @Nullable EmbeddedKafka kafka;
    private final String bootstrapServers;

    private EmbeddedTestEngines() {
        data = DataDirectory.open(Path.of(
                "target",
                "engines-of-tests",
                Long.toString(ProcessHandle.current().pid())));
        var engines = EmbeddedEngines.startOpen(data, EngineCache.directory(), SETTINGS);
        postgresql = engines.postgresql();
        kafka = engines.kafka();
        bootstrapServers = engines.kafka().bootstrapServers();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "engines-of-tests-stop"));
    }

    static EmbeddedTestEngines get() {
        return Holder.ENGINES;
    }

    /** Initialised on first use. */
    private static final class Holder {
        static final EmbeddedTestEngines ENGINES = new EmbeddedTestEngines();
    }

    @Override
    public DatabaseLogin freshDatabase(String name) {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("Not a name for a test's database: " + name);
        }
        try {
            return postgresql.recreateDatabase(name);
        } catch (SQLException e) {
            throw new IllegalStateException("No database " + name, e);
        }
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * {@code kill -9} for the postmaster, which ends all its processes; returns when it is gone. It is started again
     * automatically.
     */
    public void killPostgresql() {
        var killed = ProcessHandle.of(postgresql.pid());
        killed.ifPresent(ProcessHandle::destroyForcibly);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> killed.stream().noneMatch(ProcessHandle::isAlive)
                        || postgresql.pid() != killed.map(ProcessHandle::pid).orElse(0L));
    }

    /** {@code kill -9} for the database; returns when it accepts connections again, on the same port. */
    public void killPostgresqlAndAwaitItsReturn() {
        var before = postgresql.pid();
        killPostgresql();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> postgresql.pid() != before);
    }

    /** Stops the broker; does nothing if it is stopped. */
    public synchronized void stopKafka() {
        if (kafka != null) {
            kafka.close(Duration.ofMinutes(2));
            kafka = null;
        }
    }

    /** Starts a stopped broker, on the same port. */
    public synchronized void startKafka() {
        if (kafka == null) {
            kafka = EmbeddedKafka.startOpen(data);
        }
    }

    /** Stops the broker and deletes all its data: the next start is another cluster. */
    public synchronized void wipeKafka() {
        stopKafka();
        deleteTree(data.path().resolve("kafka"));
    }

    private void stop() {
        stopKafka();
        postgresql.close();
        data.close();
        deleteTree(data.path());
    }

    private static void deleteTree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
