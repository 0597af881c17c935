package io.myelin.clientsync.cache;

import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/** Where facts enter the caches: each goes to its shard, on the tail's thread, without any I/O. */
public final class Dispatcher {
    private final GlobalCache rooms;
    private final UserCache users;
    private final ReceiptCache receipts;
    private final ErasedUsers erased;
    private final News news;
    private final SessionEnds sessionEnds;

    /**
     * Sessions of a device are over, because it is gone or has another access token.
     *
     * @param before the number of the fact that ended them: those that began before are meant
     * @param isDeviceGone whether the device has no session any more
     */
    public record EndedSessions(UserId user, String device, long before, boolean isDeviceGone) {}

    /** Is told when sessions are over: their parked requests must end. */
    @FunctionalInterface
    public interface SessionEnds {
        void ended(EndedSessions sessions);
    }

    public Dispatcher(
            GlobalCache rooms,
            UserCache users,
            ReceiptCache receipts,
            ErasedUsers erased,
            News news,
            SessionEnds sessionEnds) {
        this.erased = erased;
        this.rooms = rooms;
        this.users = users;
        this.receipts = receipts;
        this.news = news;
        this.sessionEnds = sessionEnds;
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
        erased.apply(fact.fact());
        users.accountShards().get(shard).apply(fact);
        if (fact.fact() instanceof AccountFact.DeviceRemoved(UserId user, String device)) {
            sessionEnds.ended(new EndedSessions(user, device, fact.seq(), true));
        } else if (fact.fact() instanceof AccountFact.DeviceChanged changed && changed.session() != 0) {
            sessionEnds.ended(new EndedSessions(changed.user(), changed.device(), changed.session(), false));
        }
    }

    public void accountsReached(int shard, long seq) {
        users.accountShards().get(shard).reached(seq);
    }

    public void accountsReset(int shard, Committed position) {
        erased.reset();
        users.accountShards().get(shard).reset(position);
    }
}
