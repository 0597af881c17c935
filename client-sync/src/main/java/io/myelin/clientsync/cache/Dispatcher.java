package io.myelin.clientsync.cache;

import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;

/** Where facts enter the caches: each goes to its shard, on the tail's thread, without any I/O. */
public final class Dispatcher {
    private final GlobalCache rooms;
    private final UserCache users;
    private final ReceiptCache receipts;
    private final News news;
    private final DeviceEnds deviceEnds;

    /** Is told when a device is gone: its parked requests must end. */
    @FunctionalInterface
    public interface DeviceEnds {
        void ended(AccountFact.DeviceRemoved device);
    }

    public Dispatcher(GlobalCache rooms, UserCache users, ReceiptCache receipts, News news, DeviceEnds deviceEnds) {
        this.rooms = rooms;
        this.users = users;
        this.receipts = receipts;
        this.news = news;
        this.deviceEnds = deviceEnds;
    }

    public void roomFact(int shard, Numbered<RoomFact> fact) {
        rooms.shards().get(shard).apply(fact);
    }

    public void roomsReached(int shard, long seq) {
        rooms.shards().get(shard).reached(seq);
    }

    public void roomsReset(int shard, Committed position) {
        rooms.shards().get(shard).reset(position);
    }

    /** Tells everybody in the room of a public receipt, and of any other its owner alone. */
    public void receiptFact(int shard, Numbered<ReceiptFact> fact) {
        receipts.shards().get(shard).apply(fact);
        if (fact.fact() instanceof ReceiptMoved(RoomId room, Receipt receipt)) {
            if (receipt.isPublic()) {
                rooms.shards().get(shard).announceIn(room);
            } else {
                news.of(receipt.user());
            }
        }
    }

    public void receiptsReached(int shard, long seq) {
        receipts.shards().get(shard).reached(seq);
    }

    public void receiptsReset(int shard, Committed position) {
        receipts.shards().get(shard).reset(position);
    }

    public void accountFact(int shard, Numbered<AccountFact> fact) {
        users.accountShards().get(shard).apply(fact);
        if (fact.fact() instanceof AccountFact.DeviceRemoved removed) {
            deviceEnds.ended(removed);
        }
    }

    public void accountsReached(int shard, long seq) {
        users.accountShards().get(shard).reached(seq);
    }

    public void accountsReset(int shard, Committed position) {
        users.accountShards().get(shard).reset(position);
    }
}
