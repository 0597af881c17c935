package io.myelin.engine.simulation;

import io.myelin.engine.Committed;
import io.myelin.engine.LogPosition;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.ownership.Claims;
import io.myelin.engine.ownership.OwnerScan;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.KeptAnswers;
import io.myelin.engine.shard.ShardStore;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.engine.shard.TransactionKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The simulated database as an instance sees it that lives and is connected all the time. */
record SimulatedShardStore(SimulatedStore store, long instance) implements ShardStore<Counter, ToyFact> {

    /** A database with nothing in it. */
    static SimulatedStore empty(int shards) {
        return new SimulatedStore(new Timeline(1, false), Break.NONE, new Unwatched(), shards, Integer.MAX_VALUE);
    }

    SimulatedShardStore {
        store.register(instance);
    }

    /** Expects nothing of what is stored; that is the contract's task. */
    private static final class Unwatched implements SimulatedStore.Witness {
        @Override
        public void applied(int shard, Batch.Done<ToyFact> done, long decidedAt) {
            // nothing is expected
        }

        @Override
        public void positioned(int shard, LogPosition position, long published) {
            // nothing is expected
        }

        @Override
        public boolean isConnected(long instance) {
            return true;
        }
    }

    @Override
    public Claims claims() {
        return new Claims() {
            @Override
            public OwnerScan look(Set<Integer> wanted) {
                return Objects.requireNonNull(store.look(instance, wanted));
            }

            @Override
            public void leave() {
                store.leave(instance);
            }

            @Override
            public void release(int shard, long epoch, long published) {
                store.release(shard, epoch, published);
            }
        };
    }

    @Override
    public CommitOutcome commit(Batch<ToyFact> batch) {
        return store.commit(batch, 0);
    }

    @Override
    public KeptAnswers find(Collection<UUID> commands, Collection<TransactionKey> transactions) {
        return store.find(commands, transactions);
    }

    @Override
    public String kind(String key) {
        return key;
    }

    @Override
    public Map<String, Counter> load(int shard, Collection<String> keys) {
        return keys.stream().collect(Collectors.toMap(Function.identity(), store::load));
    }

    @Override
    public ReplayPage<ToyFact> replay(int shard, long after, int limit) {
        return store.replay(shard, after, limit);
    }

    @Override
    public List<StoredOrder> outbox(int shard, @Nullable UUID after, long bytes) {
        return store.outbox(shard, after, bytes);
    }

    @Override
    public Committed committed(int shard) {
        return store.committed(shard);
    }
}
