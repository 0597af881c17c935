package io.myelin.engine.shard;

import io.myelin.engine.LogPosition;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The content of one transaction: shards in ascending order, each with everything decided in it. */
public record Batch<F>(List<OfShard<F>> shards) {

    /**
     * A shard's part.
     *
     * @param epoch the epoch in which the decisions were made: the row must still have it
     * @param seq the number of the last fact in this batch, or as before
     * @param published the number up to which the output topic is known to be complete
     * @param done the commands, in the order they were decided
     * @param settled orders that have been answered and are deleted from the outbox
     */
    public record OfShard<F>(
            int shard,
            long epoch,
            long seq,
            long published,
            LogPosition position,
            List<Done<F>> done,
            List<UUID> settled) {}

    /**
     * One command's part.
     *
     * @param id kept with the answer; null for a command whose answer is kept already
     * @param transaction kept with the answer; null where there is none, or it is kept already
     * @param firstSeq the number of the first fact
     * @param order whether the command was an order that was carried out; its id is kept for as long as it may be repeated
     */
    public record Done<F>(
            @Nullable UUID id,
            @Nullable TransactionKey transaction,
            byte[] answer,
            long firstSeq,
            List<F> facts,
            List<StoredOrder> orders,
            boolean order) {

        /** The part of a command that was no order. */
        public Done(
                @Nullable UUID id,
                @Nullable TransactionKey transaction,
                byte[] answer,
                long firstSeq,
                List<F> facts,
                List<StoredOrder> orders) {
            this(id, transaction, answer, firstSeq, facts, orders, false);
        }
    }
}
