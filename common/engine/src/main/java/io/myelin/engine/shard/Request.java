package io.myelin.engine.shard;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to the shard that decides it.
 *
 * @param id UUIDv7 made by the writer; the same command repeated has the same id
 * @param deadline milliseconds since the epoch; afterwards the owner consumes the command unexecuted
 * @param transaction a client's transaction, if it has one; a success is kept under it
 * @param command null if this release cannot read it
 */
public record Request<C>(
        UUID id,
        long deadline,
        ReplyTo replyTo,
        @Nullable TransactionKey transaction,
        @Nullable C command) {

    /** The deadline of an order. The shard that gave it repeats it until it is carried out. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Whether another shard gave the command. An order is not answered with a failure. */
    public boolean isOrder() {
        return deadline == NEVER;
    }

    /** When its id was made, in milliseconds since the epoch. */
    long madeAt() {
        return id.getMostSignificantBits() >>> 16;
    }
}
