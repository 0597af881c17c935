package io.myelin.server.process;

import io.myelin.kafka.KafkaSettings;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.server.listen.InternalPort;
import io.myelin.settings.ConfigurationRefused;
import io.myelin.settings.ServerSettings;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The database, the broker and the data directory that a component's process has in common with the others. */
final class SharedGround implements Ground {
    private static final int LOOKS_BETWEEN_WORDS = 20;
    private static final long PAUSE_MILLIS = 250;

    private final ServerSettings properties;
    private final String instance;
    private final InternalPort internalPort;

    SharedGround(ServerSettings properties, String instance) {
        this.properties = properties;
        this.instance = instance;
        var missing = new ArrayList<String>();
        if (properties.database().isEmbedded()) {
            missing.add("database.url is missing: a component that is a process of its own does not start a database.");
        }
        if (properties.kafka().isEmbedded()) {
            missing.add(
                    "kafka.bootstrap-servers is missing: a component that is a process of its own starts no broker.");
        }
        if (!missing.isEmpty()) {
            throw new ConfigurationRefused(missing);
        }
        internalPort = InternalPort.of(properties);
    }

    @Override
    public DatabaseLogin database() {
        var database = properties.database();
        var password = database.password() == null ? "" : database.password();
        var login = new DatabaseLogin(String.valueOf(database.url()), database.user(), password);
        for (var look = 0; ; look++) {
            var trouble = trouble(login);
            if (trouble == null) {
                return login;
            }
            if (look % LOOKS_BETWEEN_WORDS == 0) {
                LoggerFactory.getLogger(SharedGround.class).warn("Waiting for the database: {}", trouble);
            }
            pause();
        }
    }

    private static @Nullable String trouble(DatabaseLogin login) {
        var properties = new Properties();
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password());
        properties.setProperty("loginTimeout", "2");
        try (var connection = DriverManager.getConnection(login.url(), properties)) {
            return connection.isValid(2) ? null : "it does not answer";
        } catch (SQLException e) {
            return e.getMessage();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    @Override
    public KafkaSettings kafka() {
        return new KafkaSettings(
                String.valueOf(properties.kafka().bootstrapServers()),
                properties.kafka().clientSettings());
    }

    @Override
    public void awaitKafka() {}

    @Override
    public InternalPort internalPort() {
        return internalPort;
    }

    @Override
    public java.security.@Nullable KeyStore tls() {
        return null;
    }

    @Override
    public Path log() {
        return properties.data().toAbsolutePath().resolve("logs").resolve(instance + ".log");
    }

    @Override
    public void close() {}
}
