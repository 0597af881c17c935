package io.myelin.clientsync.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.receipt.ReceiptQueries.RoomReceipts;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.RoomId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Receipts by room, loaded when first wanted and folded from their log after that. */
public final class ReceiptCache {
    private final List<ReceiptShard> shards;
    private final ReceiptQueries receipts;
    private final LogReader log;
    private final Executor executor;
    private final Loads<RoomId> loads = new Loads<>();

    /** Which rooms' receipts are here, by weight: what it drops is forgotten. */
    private final Cache<RoomId, Integer> residents;

    /** @param executor for loading several rooms at once; its tasks block */
    public ReceiptCache(int shardCount, ReceiptQueries receipts, LogReader log, CacheLimits limits, Executor executor) {
        List<ReceiptShard> made = new ArrayList<>();
        for (int shard = 0; shard < shardCount; shard++) {
            made.add(new ReceiptShard());
        }
        this.shards = List.copyOf(made);
        this.receipts = receipts;
        this.log = log;
        this.executor = executor;
        this.residents = Caffeine.newBuilder()
                .maximumWeight(limits.receiptBytes())
                .weigher((RoomId _, Integer weight) -> weight)
                .expireAfterAccess(limits.idle())
                .executor(executor)
                .removalListener(this::removed)
                .build();
    }

    private void removed(@Nullable RoomId room, @Nullable Integer weight, RemovalCause cause) {
        if (room != null && cause.wasEvicted()) {
            shardOf(room).forget(room);
        }
    }

    public List<ReceiptShard> shards() {
        return shards;
    }

    private int shardNumber(RoomId room) {
        return Partitions.of(room.value(), shards.size());
    }

    private ReceiptShard shardOf(RoomId room) {
        return shards.get(shardNumber(room));
    }

    /** Has the receipts of several rooms here, as of positions that the tail has reached. */
    public void load(Collection<RoomId> rooms) {
        if (rooms.size() == 1) {
            load(rooms.iterator().next());
            return;
        }
        List<CompletableFuture<Void>> all = rooms.stream()
                .map(room -> CompletableFuture.runAsync(() -> load(room), executor))
                .toList();
        all.forEach(Waits::get);
    }

    private void load(RoomId room) {
        loads.once(room, this::ask);
    }

    private boolean ask(RoomId room) {
        ReceiptShard shard = shardOf(room);
        if (shard.room(room).isPresent()) {
            return true;
        }
        shard.forget(room);
        shard.expect(room);
        boolean done = false;
        try {
            RoomReceipts answer = loads.inTurn(() -> receipts.receiptsIn(room));
            CachedReceipts loaded = CachedReceipts.of(answer.receipts());
            shard.loaded(room, loaded, new Committed(answer.incarnation(), answer.asOf()));
            Waits.get(log.await(shardNumber(room), answer.asOf()));
            residents.put(room, loaded.weight());
            done = true;
            return true;
        } finally {
            if (!done) {
                shard.forget(room);
            }
        }
    }

    /** Keeps what is used; what has grown is weighed again. */
    public void touch(RoomId room, CachedReceipts receipts) {
        Integer weight = residents.getIfPresent(room);
        int now = receipts.weight();
        if (weight == null || now > 2 * weight) {
            residents.put(room, now);
        }
    }
}
