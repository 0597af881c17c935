package io.myelin.kafka;

import io.myelin.contracts.Unavailable;
import io.myelin.engine.Committed;
import io.myelin.engine.UuidV7;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.ShardRuntime;
import io.myelin.engine.shard.ShardStore;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.kafka.trace.Traces;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A service's shards in this process: one thread that polls commands, has them decided and committed, and publishes and
 * replies; see {@link ShardRuntime}.
 */
public final class ShardService<S, C, F> {

    private final ShardLoop<S, C, F> loop;
    private final LocalCallers localCallers;
    private final Traces traces;

    /** @param leaseHolds whether no other process can own this process's shards */
    public ShardService(
            ShardServiceSpec<S, C, F> spec, ShardStore<S, F> store, BooleanSupplier leaseHolds, Shell shell) {
        UuidV7 ids = new UuidV7(
                System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());
        localCallers = new LocalCallers();
        traces = shell.traces();
        loop = new ShardLoop<>(spec, store, leaseHolds, shell, localCallers, ids);
    }

    /** The thread that owns the shards. */
    public OwnerLoop loop() {
        return loop.loop();
    }

    /** What is committed in a shard, if this process owns it and its lease holds. */
    public Optional<Committed> committed(int shard) {
        return loop.committed(shard);
    }

    /** What the loop has done. */
    public LoopFigures figures() {
        return loop.figures();
    }

    /**
     * Decides a command of a caller in this process, which does not pass through the input topic.
     *
     * @param deadline milliseconds since the epoch
     * @return the answer, after its commit; fails with {@link Unavailable} if this process does not own the shard or
     *     loses it; the same command with the same id can then be repeated
     */
    public CompletableFuture<byte[]> ask(int shard, UUID id, long deadline, C command) {
        return ask(shard, id, deadline, null, command);
    }

    /**
     * As above, for a command whose caller may repeat it with another id.
     *
     * @param transaction under which an accepted command's answer is kept for thirty days: a command with the same key gets
     *     it, and is not decided
     */
    public CompletableFuture<byte[]> ask(
            int shard, UUID id, long deadline, @Nullable TransactionKey transaction, C command) {
        LocalCallers.LocalCaller localCaller = localCallers.open(deadline - System.currentTimeMillis());
        var replyTo = new ReplyTo.LocalCaller(localCaller.ticket());
        loop.ask(shard, new Request<>(id, deadline, replyTo, transaction, command), traces.current());
        return localCaller.answer();
    }
}
