package io.myelin.engine.shard;

import io.myelin.engine.Numbered;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ShardRuntime} wants done. The shell does it and, where there is an outcome, brings it back by the
 * input that the method names. Nothing is done before the runtime has returned, but what it asks for is done in
 * order.
 */
public interface Effects<F> {

    /**
     * Look who owns what: take over those of these shards that are our own by their rows and, up to our share, those
     * that are free → {@link ShardRuntime#looked} or {@link ShardRuntime#lookFailed}, with the same {@code life}.
     */
    void look(int life, Set<Integer> wanted);

    /**
     * Give a shard up, of which nothing is under way any more, after its {@link ShardRuntime#committed} is no longer
     * answered from any memory → {@link ShardRuntime#released}, also if that failed.
     */
    void release(int shard, long epoch, long published);

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

    /** Look up kept answers → {@link ShardRuntime#found}, before any other input. */
    void find(Collection<UUID> commands, Collection<TransactionKey> transactions);

    /** Commit → {@link ShardRuntime#committed}, before any other input. */
    void commit(Batch<F> batch);

    /**
     * A fact as a record of the output topic; the same fact is always the same record.
     *
     * @throws RuntimeException if it cannot be one
     */
    byte[] encode(F fact);

    /**
     * Publish facts, {@link #encode encoded} → {@link ShardRuntime#acknowledged} with the last one's number, or {@link
     * ShardRuntime#publishFailed}, in the order of the calls.
     */
    void publish(int shard, long epoch, long incarnation, List<Numbered<byte[]>> facts);

    /** Read the log after a number → {@link ShardRuntime#logRead} or {@link ShardRuntime#logReadFailed}. */
    void readLog(int shard, long epoch, long after);

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

    /** Something a person who runs the server should see. */
    void warn(String message);
}
