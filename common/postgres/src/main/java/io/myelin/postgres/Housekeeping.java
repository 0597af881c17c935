package io.myelin.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes answers that can no longer be requested. Answers to commands go after a day: a command is sent again for
 * seconds, and its topic keeps it for an hour. Answers to clients' transactions go after thirty days. Answers to orders
 * go after ninety days: an order older than sixty days is not carried out, because it may have been before. Rows are
 * deleted in slices, so that no statement takes long.
 */
public final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration COMMANDS_KEPT = Duration.ofDays(1);
    private static final Duration ORDERS_KEPT = Duration.ofDays(90);
    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final int SLICE = 5_000;

    private static final String EXPIRED_COMMANDS =
            "DELETE FROM command WHERE id IN (SELECT id FROM command WHERE id < ? ORDER BY id LIMIT " + SLICE + ")";
    private static final String EXPIRED_ORDERS =
            "DELETE FROM order_answer WHERE id IN (SELECT id FROM order_answer WHERE id < ? ORDER BY id LIMIT " + SLICE
                    + ")";
    private static final String EXPIRED_TRANSACTIONS =
            "DELETE FROM transaction WHERE key IN (SELECT key FROM transaction WHERE at < now() - interval '30 days'"
                    + " LIMIT " + SLICE + ")";

    private final ServiceDatabase database;
    private final Thread thread;

    public Housekeeping(ServiceDatabase database) {
        this.database = database;
        thread = Thread.ofVirtual().name(database.schema() + "-housekeeping").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(INTERVAL);
                deleteExpired(System.currentTimeMillis());
            } catch (InterruptedException e) {
                return;
            } catch (SQLException e) {
                LOG.warn("Old answers of {} stay for now: {}", database.schema(), e.getMessage());
            }
        }
    }

    /** Deletes the answers that have expired by {@code now}, in milliseconds since the epoch. */
    void deleteExpired(long now) throws SQLException {
        try (Connection connection = database.connect("myelin " + database.schema() + " housekeeping");
                PreparedStatement commands = connection.prepareStatement(EXPIRED_COMMANDS);
                PreparedStatement orders = connection.prepareStatement(EXPIRED_ORDERS);
                PreparedStatement transactions = connection.prepareStatement(EXPIRED_TRANSACTIONS)) {
            commands.setObject(1, madeBefore(now - COMMANDS_KEPT.toMillis()));
            repeatUntilNothingIsLeft(commands);
            orders.setObject(1, madeBefore(now - ORDERS_KEPT.toMillis()));
            repeatUntilNothingIsLeft(orders);
            repeatUntilNothingIsLeft(transactions);
        }
    }

    /** The first 48 bits of an id are the milliseconds at which it was made. */
    private static UUID madeBefore(long millis) {
        return new UUID(millis << 16, 0);
    }

    private static void repeatUntilNothingIsLeft(PreparedStatement delete) throws SQLException {
        while (delete.executeUpdate() == SLICE) {
            Thread.yield();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
