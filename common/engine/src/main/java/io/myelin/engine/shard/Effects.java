package io.myelin.engine.shard;

import io.myelin.engine.LogPosition;
import io.myelin.engine.output.LogEffects;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The effects that a {@link ShardRuntime} asks the shell for, besides those of its ownership and its {@link Step}s. The
 * shell reports each outcome by the input that the method names. It carries the effects out in order, and none before the
 * runtime has returned.
 */
public interface Effects<F> extends LogEffects<F> {

    /**
     * Position the consumer → {@link ShardRuntime#sought}. Records read before that are ignored. Afterwards the partition
     * is read, even if it was paused before.
     */
    void seek(int shard, long epoch, LogPosition position);

    /** Stop reading a shard's input, or go on reading it. */
    void pause(int shard, boolean paused);

    /** Load an entity → {@link ShardRuntime#loaded} or {@link ShardRuntime#loadFailed}. */
    void load(int shard, long epoch, String key);

    /** Run this on another thread → {@link ShardRuntime#prepared}, whatever the outcome. */
    void prepare(int shard, long epoch, Preparation<?, ?> preparation);

    /**
     * Read the next page of the outbox, see {@link ShardStore#outbox} → {@link ShardRuntime#outboxRead} or {@link
     * ShardRuntime#outboxReadFailed}.
     */
    void readOutbox(int shard, long epoch, @Nullable UUID after, long bytes);

    /** Answer a command. */
    void reply(ReplyTo to, UUID command, byte[] answer);

    /**
     * Tell a caller at the door that this process cannot take the command. The caller must repeat it elsewhere as the same
     * command, since a transaction of unknown outcome may have done it.
     */
    void turnAway(ReplyTo.LocalCaller localCaller);

    /** Send an order to its target; its answer comes by {@link ShardRuntime#settled}, or never. */
    void send(StoredOrder order);

    /** A command is about to be decided. The shell can watch how long that takes. */
    default void deciding(int shard, UUID command, Object what, List<String> keys) {}
}
