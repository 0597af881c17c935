package io.myelin.clientsync.cache;

import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptsDropped;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.tail.TailCache;
import io.myelin.matrix.id.RoomId;
import java.util.Optional;

/** The cached receipts of one shard. Receipts have the same shards as their rooms. */
public final class ReceiptShard extends CachedShard<ReceiptFact> {
    private final TailCache<RoomId, CachedReceipts, ReceiptFact> rooms =
            values(CachedReceipts::with, _ -> CachedReceipts.RECEIPT);

    /** The newest receipts of the rooms in which any has moved since {@code begin}. */
    private final NewestByRoom newest = new NewestByRoom();

    private long begin;

    @Override
    void fold(Numbered<ReceiptFact> fact) {
        if (fact.fact() instanceof ReceiptMoved moved) {
            rooms.apply(moved.room(), fact);
            newest.put(moved.room(), fact.seq());
        } else if (fact.fact() instanceof ReceiptsDropped dropped) {
            rooms.forget(dropped.room());
        }
    }

    @Override
    void forgotten(Committed elsewhere) {
        newest.clear();
        begin = elsewhere.seq();
    }

    void expect(RoomId room) {
        locked(() -> {
            rooms.expect(room);
        });
    }

    void loaded(RoomId room, CachedReceipts receipts, Committed asOf) {
        locked(() -> {
            take(rooms, room, receipts, asOf);
        });
    }

    void forget(RoomId room) {
        locked(() -> rooms.forget(room));
    }

    // --- reads; within locked(), several are at one position

    public Optional<CachedReceipts> room(RoomId room) {
        return locked(() -> rooms.get(room));
    }

    /** Whether a receipt may have moved in the room after a number: false only if that is certain. */
    public boolean mayHaveMoved(RoomId room, long after) {
        return locked(() -> after < begin || newest.of(room) > after);
    }
}
