package io.myelin.embedded;

import java.time.Duration;

/**
 * The settings in which embedded PostgreSQLs may differ. Commits are always durable.
 *
 * @param sharedBuffersMegabytes PostgreSQL's own cache
 * @param connections how many connections it accepts
 * @param orphanLinger how long it outlives a killed process, unless another process takes it over
 */
public record PostgresqlSettings(int sharedBuffersMegabytes, int connections, Duration orphanLinger) {
    public static final PostgresqlSettings DEFAULT = new PostgresqlSettings(128, 100, Duration.ofSeconds(20));

    String asConfigurationFile(int port) {
        return """
                # Written by Myelin at every start. Your own settings belong into postgresql.auto.conf (ALTER SYSTEM).
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                max_connections = %d

                # A commit that was acknowledged survives a power cut.
                fsync = on
                synchronous_commit = on
                full_page_writes = on

                shared_buffers = %dMB
                max_wal_size = 2GB
                wal_compression = pglz
                # Short statements by the thousand: neither compiling nor parallel plans pay.
                jit = off
                max_parallel_workers_per_gather = 0
                # Processes that a small server does not need.
                io_method = sync
                max_logical_replication_workers = 0

                timezone = 'UTC'
                log_timezone = 'UTC'
                log_checkpoints = off
                log_line_prefix = '%%m [%%p] %%q%%a '
                """.formatted(port, connections, sharedBuffersMegabytes);
    }
}
