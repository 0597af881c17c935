package io.myelin.clientroomsend.kafka;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.EntityMessage;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.web.MatrixException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes commands and waits for their answers on the caller's virtual thread. The number of commands that wait at once
 * is limited.
 */
public final class CommandClient {
    /** The broker accepts records of 2 MiB, and a command's headers need a part of that. */
    private static final int MAX_COMMAND_BYTES = 2_000_000;

    private static final int RETRY_AFTER_MILLIS = 1000;

    /** Sends a request and receives its answer, until a deadline. */
    @FunctionalInterface
    public interface Sender {

        /** @return fails with {@link Unavailable} if no answer came */
        CompletableFuture<byte[]> send(
                String topic, int partition, String key, UUID id, @Nullable TransactionKey transaction, byte[] command);
    }

    private final Sender sender;
    private final int shards;
    private final Supplier<UUID> ids;
    private final Semaphore inFlight;

    /** @param maxInFlight how many commands may wait for their answers at once */
    public CommandClient(Sender sender, int shards, Supplier<UUID> ids, int maxInFlight) {
        this.sender = sender;
        this.shards = shards;
        this.ids = ids;
        this.inFlight = new Semaphore(maxInFlight);
    }

    /**
     * Sends a command to the shard of its entity and waits for the answer.
     *
     * @return the answer, encoded
     * @throws MatrixException 413 if the command is too large, 429 if too many are waiting, 504 if no answer came in time
     */
    byte[] ask(String topic, EntityMessage command, @Nullable TransactionKey transaction) {
        byte[] encoded = Cbor.encode(command);
        if (encoded.length > MAX_COMMAND_BYTES) {
            throw new MatrixException(413, "M_TOO_LARGE", "The request asks for more than fits into one command.");
        }
        if (!inFlight.tryAcquire()) {
            throw MatrixException.with(
                    new MatrixError(429, "M_LIMIT_EXCEEDED", "The server has too much to do at the moment."),
                    "retry_after_ms",
                    RETRY_AFTER_MILLIS);
        }
        try {
            String key = command.entity();
            return await(sender.send(topic, Partitions.of(key, shards), key, ids.get(), transaction, encoded));
        } finally {
            inFlight.release();
        }
    }

    private static byte[] await(CompletableFuture<byte[]> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Unavailable) {
                throw noAnswer();
            }
            throw new IllegalStateException("A command could not be sent.", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("The server is stopping.", e);
        }
    }

    private static MatrixException noAnswer() {
        return new MatrixException(
                504,
                "M_UNKNOWN",
                "The room did not answer in time. Repeat the request: with a transaction identifier it happens once.");
    }
}
