package io.myelin.clientsync.cache;

import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptsDropped;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.tail.TailCache;
import io.myelin.matrix.id.RoomId;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What is cached of one shard of receipts, which is the shard of its rooms too. Changes under one short lock with its
 * position; {@link #locked} takes several values at one position.
 */
public final class ReceiptShard {
    private final ReentrantLock lock = new ReentrantLock();
    private final TailCache<RoomId, CachedReceipts, ReceiptFact> rooms =
            new TailCache<>(CachedReceipts::with, _ -> CachedReceipts.RECEIPT, RoomShard.MOST_KEPT_BYTES);

    /** The newest receipts of the rooms in which any has moved since {@code begin}. */
    private final NewestByRoom newest = new NewestByRoom();

    private Committed position = new Committed(-1, 0);
    private long begin;

    /** Runs something while nothing changes. It must be short, and ask nobody. */
    public <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    void apply(Numbered<ReceiptFact> fact) {
        locked(() -> {
            if (fact.fact() instanceof ReceiptMoved moved) {
                rooms.apply(moved.room(), fact);
                newest.put(moved.room(), fact.seq());
            } else if (fact.fact() instanceof ReceiptsDropped dropped) {
                rooms.forget(dropped.room());
            }
            moveTo(fact.seq());
        });
    }

    void reached(long seq) {
        locked(() -> moveTo(seq));
    }

    private void moveTo(long seq) {
        position = new Committed(position.incarnation(), seq);
        rooms.reached(seq);
    }

    /** The tail stands elsewhere: everything is forgotten. */
    void reset(Committed elsewhere) {
        locked(() -> {
            rooms.reset(elsewhere.seq());
            newest.clear();
            position = elsewhere;
            begin = elsewhere.seq();
        });
    }

    void expect(RoomId room) {
        locked(() -> {
            rooms.expect(room);
        });
    }

    void loaded(RoomId room, CachedReceipts receipts, Committed asOf) {
        locked(() -> {
            if (asOf.incarnation() == position.incarnation()) {
                rooms.loaded(room, receipts, asOf.seq());
            } else {
                rooms.forget(room);
            }
        });
    }

    void forget(RoomId room) {
        locked(() -> rooms.forget(room));
    }

    // --- what is here; several at once within locked()

    public Committed position() {
        return locked(() -> position);
    }

    public Optional<CachedReceipts> room(RoomId room) {
        return locked(() -> rooms.get(room));
    }

    /** Whether a receipt may have moved in the room after a number: false only if that is certain. */
    public boolean mayHaveMoved(RoomId room, long after) {
        return locked(() -> after < begin || newest.of(room) > after);
    }
}
