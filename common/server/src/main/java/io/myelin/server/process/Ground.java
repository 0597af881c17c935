package io.myelin.server.process;

import io.myelin.kafka.KafkaSettings;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.server.listen.InternalPort;
import java.nio.file.Path;
import java.security.KeyStore;
import org.jspecify.annotations.Nullable;

/** What the beans of a process stand on: it is there before the first is made, and closed after the last is gone. */
public interface Ground extends AutoCloseable {

    /** Where the database is; waits until it takes connections. */
    DatabaseLogin database();

    /** Where the broker is, or will be. */
    KafkaSettings kafka();

    /** Waits for a broker that starts with this process; one that is somebody else's is waited for by whoever asks it. */
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
