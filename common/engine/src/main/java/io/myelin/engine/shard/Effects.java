package io.myelin.engine.shard;

import io.myelin.engine.LogPosition;
import io.myelin.engine.output.LogEffects;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ShardRuntime} wants done, besides what it says of its ownership and with a {@link Step}. The shell does it
 * and, where there is an outcome, brings it back by the input that the method names. Nothing is done before the runtime has
 * returned, but what it asks for is done in order.
 */
public interface Effects<F> extends LogEffects<F> {

    /**
     * Position the consumer → {@link ShardRuntime#sought}. Records read before that are of no interest; after it the
     * partition is read, also if it was paused before.
     */
    void seek(int shard, long epoch, LogPosition position);

    /** Stop reading a shard's input, or go on reading it. */
    void pause(int shard, boolean paused);

    /** Load an entity → {@link ShardRuntime#loaded} or {@link ShardRuntime#loadFailed}. */
    void load(int shard, long epoch, String key);

    /** Run this on another thread → {@link ShardRuntime#prepared}, whatever became of it. */
    void prepare(int shard, long epoch, Preparation<?, ?> preparation);

    /**
     * Read the next page of the outbox, see {@link ShardStore#outbox} → {@link ShardRuntime#outboxRead} or {@link
     * ShardRuntime#outboxReadFailed}.
     */
    void readOutbox(int shard, long epoch, @Nullable UUID after, long bytes);

    /** Answer a command. */
    void reply(ReplyTo to, UUID command, byte[] answer);

    /**
     * Tell a caller at the door that this process cannot take the command: to be repeated elsewhere, as the same
     * command, since it may have been done by a transaction whose outcome was never learned.
     */
    void turnAway(ReplyTo.Door door);

    /** Send an order to its target; its answer comes by {@link ShardRuntime#settled}, or never. */
    void send(StoredOrder order);

    /** A command is about to be decided: for whoever watches that this does not take too long. */
    default void deciding(int shard, UUID command, Object what, List<String> keys) {}
}
