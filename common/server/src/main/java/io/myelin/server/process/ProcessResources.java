package io.myelin.server.process;

import io.myelin.kafka.KafkaSettings;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.server.listen.InternalPort;
import java.nio.file.Path;
import java.security.KeyStore;
import org.jspecify.annotations.Nullable;

/**
 * The database, broker, ports and log that the beans of a process use. It exists before the first bean is created, and
 * is closed after the last one.
 */
public interface ProcessResources extends AutoCloseable {

    /** How to reach the database; waits until it takes connections. */
    DatabaseLogin database();

    /** How to reach the broker, which may not have started yet. */
    KafkaSettings kafka();

    /** Waits for a broker that starts with this process. An external broker is not waited for here. */
    void awaitKafka();

    InternalPort internalPort();

    /** The certificate and key of the federation port; null if the process has no such port. */
    @Nullable
    KeyStore tls();

    /** The file to log to. */
    Path log();

    @Override
    void close();
}
