package io.myelin.clientsync.cache;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.contracts.receipt.ReceiptQueries.RoomReceipts;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.RoomId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Receipts by room, loaded when first wanted and folded from their log after that. */
public final class ReceiptCache {
    private final List<ReceiptShard> shards;
    private final ReceiptQueries receipts;
    private final LogReader log;
    private final Executor executor;
    private final Loads<RoomId> loads = new Loads<>();

    private final MemoryBudget budget;

    private record Key(RoomId room) {}

    /** @param executor for loading several rooms at once; its tasks block */
    public ReceiptCache(
            int shardCount, ReceiptQueries receipts, LogReader log, MemoryBudget budget, Executor executor) {
        List<ReceiptShard> made = new ArrayList<>();
        for (int shard = 0; shard < shardCount; shard++) {
            made.add(new ReceiptShard());
        }
        this.shards = List.copyOf(made);
        this.receipts = receipts;
        this.log = log;
        this.executor = executor;
        this.budget = budget;
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
            CachedReceipts loaded = CachedReceipts.of(newest(answer.receipts()));
            shard.loaded(room, loaded, new Committed(answer.incarnation(), answer.asOf()));
            Waits.get(log.await(shardNumber(room), answer.asOf()));
            touch(room, loaded);
            done = true;
            return true;
        } finally {
            if (!done) {
                shard.forget(room);
            }
        }
    }

    /** All of them, or the newest, of a room that has more than an eighth of everything that may be cached. */
    private List<NumberedReceipt> newest(List<NumberedReceipt> all) {
        long most = budget.capacity() / 8 / CachedReceipts.RECEIPT;
        return all.size() <= most
                ? all
                : all.stream()
                        .sorted(Comparator.comparingLong(NumberedReceipt::seq).reversed())
                        .limit(most)
                        .toList();
    }

    /** Keeps what is used. */
    public void touch(RoomId room, CachedReceipts receipts) {
        budget.hold(new Key(room), receipts.weight(), () -> shardOf(room).forget(room));
    }
}
