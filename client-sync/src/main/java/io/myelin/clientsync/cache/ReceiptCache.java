package io.myelin.clientsync.cache;

import io.myelin.contracts.receipt.ReceiptQueries;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.contracts.receipt.ReceiptQueries.ReceiptsOfRoom;
import io.myelin.contracts.receipt.ReceiptQueries.ReceiptsOfRooms;
import io.myelin.contracts.receipt.ReceiptQueries.RoomReceipts;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.RoomId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/** Receipts by room. */
public final class ReceiptCache extends CacheByRoom<ReceiptShard> {
    private final ReceiptQueries receipts;
    private final MemoryBudget budget;

    private record Key(RoomId room) {}

    /** @param executor for loading several rooms at once; its tasks block */
    public ReceiptCache(
            int shardCount, ReceiptQueries receipts, LogReader log, MemoryBudget budget, Executor executor) {
        super(shardCount, ReceiptShard::new, log, executor);
        this.receipts = receipts;
        this.budget = budget;
    }

    @Override
    void expect(RoomId room) {
        shardOf(room).expect(room);
    }

    @Override
    void forget(RoomId room) {
        shardOf(room).forget(room);
    }

    /** Loads the receipts of several rooms, as of positions that the tail has reached. */
    public void load(Collection<RoomId> rooms) {
        loadMany(rooms);
        each(rooms.stream().filter(this::isMissing).toList(), room -> loads.once(room, this::load));
    }

    /** Begins to load the receipts of rooms, of any shards, that will be wanted soon. */
    public void loadAhead(Collection<RoomId> rooms) {
        ahead(() -> loadMany(rooms));
    }

    private void loadMany(Collection<RoomId> rooms) {
        loadTogether(
                rooms,
                this::isMissing,
                (shard, missing) -> expecting(shard, missing, left -> askForMany(shard, missing, left)));
    }

    private boolean isMissing(RoomId room) {
        return shardOf(room).room(room).isEmpty();
    }

    private long askForMany(int number, List<RoomId> rooms, Set<RoomId> left) {
        ReceiptsOfRooms answer = loads.inTurn(() -> receipts.receiptsInRooms(number, rooms));
        ReceiptShard shard = shards().get(number);
        for (ReceiptsOfRoom room : answer.rooms()) {
            CachedReceipts loaded = CachedReceipts.of(newest(room.receipts()));
            shard.loaded(room.room(), loaded, new Committed(answer.incarnation(), answer.asOf()));
            touch(room.room(), loaded);
            left.remove(room.room());
        }
        return answer.asOf();
    }

    private boolean load(RoomId room) {
        ReceiptShard shard = shardOf(room);
        if (shard.room(room).isEmpty()) {
            load(room, () -> Optional.of(ask(room, shard)));
            shard.room(room).ifPresent(loaded -> touch(room, loaded));
        }
        return true;
    }

    private long ask(RoomId room, ReceiptShard shard) {
        RoomReceipts answer = loads.inTurn(() -> receipts.receiptsIn(room));
        CachedReceipts loaded = CachedReceipts.of(newest(answer.receipts()));
        shard.loaded(room, loaded, new Committed(answer.incarnation(), answer.asOf()));
        return answer.asOf();
    }

    /** All receipts of a room, or only the newest if all would take more than an eighth of the budget. */
    private List<NumberedReceipt> newest(List<NumberedReceipt> all) {
        long most = budget.capacity() / 8 / CachedReceipts.RECEIPT;
        return all.size() <= most
                ? all
                : all.stream()
                        .sorted(Comparator.comparingLong(NumberedReceipt::seq).reversed())
                        .limit(most)
                        .toList();
    }

    /** Marks a room's receipts as used just now, so that they are not dropped soon. */
    public void touch(RoomId room, CachedReceipts receipts) {
        budget.hold(new Key(room), receipts.weight(), () -> forget(room));
    }
}
