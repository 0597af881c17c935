package io.myelin.engine.tail;

import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows one output topic. It drops duplicates by their numbers, fills holes by replay, and lets callers wait until it has
 * applied everything that was committed when they asked.
 *
 * <p>Inputs are its methods, called by one thread. Before {@link #start}, the shell positions the consumer at the end of
 * the shard's partition: a fact that is committed before the question is answered is then either covered by the answer or
 * still to be read. Each question and each replay has one outcome, which may be a failure after a time-out.
 */
public final class LogTail<F> {

    private final List<TailOfShard<F>> shards = new ArrayList<>();

    public LogTail(int shardCount, TailEffects<F> effects, TailLimits limits) {
        for (int shard = 0; shard < shardCount; shard++) {
            shards.add(new TailOfShard<>(shard, effects, limits));
        }
    }

    /** The consumer stands at the end of the shard's partition: begin to follow it. */
    public void start(int shard) {
        shards.get(shard).start();
    }

    /** The number up to which everything has been applied; incarnation -1 before the first answer. */
    public Committed position(int shard) {
        return shards.get(shard).position();
    }

    public boolean hasStarted() {
        return shards.stream().allMatch(TailOfShard::hasStarted);
    }

    /** Records of a shard's partition, in its order. */
    public void polled(int shard, List<OutputRecord<F>> records, long now) {
        shards.get(shard).polled(records, now);
    }

    public void replayed(int shard, ReplayPage<F> page, long now) {
        shards.get(shard).replayed(page, now);
    }

    public void replayFailed(int shard, long now) {
        shards.get(shard).replayFailed(now);
    }

    /**
     * Reports {@link TailEffects#passed} once everything is applied that is committed now. Callers share a question
     * only if it is sent after they came.
     */
    public void await(int shard, long ticket, long now) {
        shards.get(shard).await(ticket);
    }

    /** Reports {@link TailEffects#passed} once the tail has reached a number of the incarnation it is in. */
    public void awaitPosition(int shard, long seq, long ticket, long now) {
        shards.get(shard).awaitPosition(seq, ticket, now);
    }

    /** The caller waits no more. */
    public void abandon(int shard, long ticket) {
        shards.get(shard).abandon(ticket);
    }

    public void answered(int shard, Committed committed, long now) {
        shards.get(shard).answered(committed, now);
    }

    public void askFailed(int shard, long now) {
        shards.get(shard).askFailed(now);
    }

    /** Time has passed: failed calls are repeated, and a tail that does not move asks for a replay. */
    public void tick(long now) {
        shards.forEach(shard -> shard.tick(now));
    }
}
