package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.BudgetedCache;
import io.myelin.clientsync.cache.MemoryBudget;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateMap;
import org.jspecify.annotations.Nullable;

/** The connections of clients that load members lazily: which members each was sent. */
final class SentMembersByDevice {
    /** The weight of a member that was sent: an entry in a map by room and user. */
    private static final long MEMBER = 160;

    private record Key(UserId user, @Nullable String device) {}

    private final BudgetedCache<Key, SentMembers> sentMembers;

    SentMembersByDevice(MemoryBudget budget) {
        sentMembers = new BudgetedCache<>(budget);
    }

    StateMap<Long> sentAt(SyncRequest request) {
        if (!request.filter().lazyLoadsMembers() || request.since() == null) {
            return StateMap.empty();
        }
        SentMembers conn = sentMembers.get(key(request.session()));
        return conn == null ? StateMap.empty() : conn.sentAt(request.sinceText());
    }

    void answered(SyncRequest request, StateMap<Long> sentBefore, SyncAnswer answer) {
        if (request.filter().lazyLoadsMembers()) {
            Key key = key(request.session());
            SentMembers before = sentMembers.get(key);
            SentMembers conn = before == null ? new SentMembers() : before;
            conn.answered(request.sinceText(), sentBefore, answer.next().encode(), answer.sent());
            sentMembers.put(key, conn, MEMBER * conn.weight());
        }
    }

    private static Key key(Session session) {
        return new Key(session.user(), session.device());
    }
}
