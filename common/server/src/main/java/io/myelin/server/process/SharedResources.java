package io.myelin.server.process;

import io.myelin.kafka.KafkaSettings;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.server.listen.InternalPort;
import io.myelin.settings.ConfigurationRefused;
import io.myelin.settings.ServerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** The database, the broker and the data directory that a component's process has in common with the others. */
final class SharedResources implements ProcessResources {
    private final ServerSettings properties;
    private final String instance;
    private final InternalPort internalPort;

    SharedResources(ServerSettings properties, String instance) {
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
        return ExternalDatabase.await(
                properties.database(), String.valueOf(properties.database().url()));
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
