package io.myelin.clientsync.cache;

import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.KeyFact;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.contracts.receipt.ReceiptFact.ReceiptMoved;
import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/**
 * Feeds the facts of the logs into the caches. Each fact goes to its shard, and users and sessions that it concerns are
 * told.
 */
public final class Dispatcher {
    private final GlobalCache rooms;
    private final FoldedLog<RoomFact> roomLog;
    private final FoldedLog<ReceiptFact> receiptLog;
    private final FoldedLog<AccountFact> accountLog;
    private final UserWakeups news;
    private final SessionEnds sessionEnds;

    /**
     * The sessions of a device that are over, because the device is gone or has another access token.
     *
     * @param before the number of the fact that ended them: all sessions that began before it are over
     * @param isDeviceGone whether the device has no session any more
     */
    public record EndedSessions(UserId user, String device, long before, boolean isDeviceGone) {}

    /** Is told when sessions are over: their parked requests must end. */
    @FunctionalInterface
    public interface SessionEnds {
        void ended(EndedSessions sessions);

        /** A user is locked: their sessions go on later, but nothing waits for news now. */
        default void locked(UserId user) {}
    }

    /** @param deviceListNews is told of users whose device lists have changed, and wakes those who share a room */
    public Dispatcher(
            GlobalCache rooms,
            UserCache users,
            ReceiptCache receipts,
            ErasedUsers erased,
            UserWakeups news,
            UserWakeups deviceListNews,
            SessionEnds sessionEnds) {
        this.rooms = rooms;
        this.news = news;
        this.sessionEnds = sessionEnds;
        roomLog = new FoldedLog<>(rooms.shards());
        receiptLog = new FoldedLog<>(receipts.shards()) {
            @Override
            public void apply(int shard, Numbered<ReceiptFact> fact) {
                super.apply(shard, fact);
                tell(shard, fact.fact());
            }
        };
        accountLog = new FoldedLog<>(users.accountShards()) {
            @Override
            public void apply(int shard, Numbered<AccountFact> fact) {
                erased.apply(fact.fact());
                super.apply(shard, fact);
                endSessions(fact);
                if (fact.fact() instanceof KeyFact.DeviceListChanged(UserId user)) {
                    deviceListNews.of(user);
                }
            }

            @Override
            public void reset(int shard, Committed position) {
                erased.reset();
                super.reset(shard, position);
            }
        };
    }

    public FoldedLog<RoomFact> rooms() {
        return roomLog;
    }

    public FoldedLog<ReceiptFact> receipts() {
        return receiptLog;
    }

    public FoldedLog<AccountFact> accounts() {
        return accountLog;
    }

    /** Wakes all users in the room for a public receipt, and only its owner for any other. */
    private void tell(int shard, ReceiptFact fact) {
        if (fact instanceof ReceiptMoved(RoomId room, Receipt receipt)) {
            if (receipt.isPublic()) {
                rooms.shards().get(shard).announceIn(room);
            } else {
                news.of(receipt.user());
            }
        }
    }

    private void endSessions(Numbered<AccountFact> fact) {
        if (fact.fact() instanceof AccountFact.DeviceRemoved(UserId user, String device)) {
            sessionEnds.ended(new EndedSessions(user, device, fact.seq(), true));
        } else if (fact.fact() instanceof AccountFact.AccountRestricted restricted && restricted.locked()) {
            sessionEnds.locked(restricted.user());
        } else if (fact.fact() instanceof AccountFact.DeviceChanged changed && changed.session() != 0) {
            sessionEnds.ended(new EndedSessions(changed.user(), changed.device(), changed.session(), false));
        }
    }
}
