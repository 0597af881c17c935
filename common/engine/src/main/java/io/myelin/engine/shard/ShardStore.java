package io.myelin.engine.shard;

import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.ownership.Claims;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The store of a service's shards: rows, log, idempotency keys, consumed positions and owners. {@link #commit} and {@link
 * #find} are called by the service's loop alone; the others by any thread. Methods other than {@code commit} throw {@link
 * StoreUnavailable} if the store is not available now.
 */
public interface ShardStore<S, F> {

    /** The owners of the shards. */
    Claims claims();

    /** Commits a batch, or nothing of it. Never throws. */
    CommitOutcome commit(Batch<F> batch);

    /** Answers that were kept for these commands and transactions. */
    KeptAnswers find(Collection<UUID> commands, Collection<TransactionKey> transactions);

    /**
     * The kind of an entity: entities of one kind are best loaded together. The key itself for an entity that is loaded
     * alone.
     */
    String kind(String key);

    /** Whether loading entities of a kind takes much processor time besides waiting for the database. */
    default boolean computes(String kind) {
        return false;
    }

    /** The states of entities of one kind as committed, by key; an entity that was never written has a state too. */
    Map<String, S> load(int shard, Collection<String> keys);

    /** The next page of a shard's log after a number, at most {@code limit} rows of it. */
    ReplayPage<F> replay(int shard, long after, int limit);

    /**
     * The next page of a shard's unanswered orders, in the order of their ids.
     *
     * @param after the last id of the page before; null for the first page
     * @param bytes with which a page ends: the order that reaches them is its last
     * @return empty if there are no more
     */
    List<StoredOrder> outbox(int shard, @Nullable UUID after, long bytes);

    /** The last commit of a shard, by its row. */
    Committed committed(int shard);
}
