package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.Kept;
import io.myelin.clientsync.cache.MemoryBudget;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateMap;
import org.jspecify.annotations.Nullable;

/** The connections of clients that load members lazily: which members each was sent. */
final class Conns {
    /** The weight of a member that was sent: an entry in a map by room and user. */
    private static final long MEMBER = 160;

    private record Key(UserId user, @Nullable String device) {}

    private final Kept<Key, Conn> conns;

    Conns(MemoryBudget budget) {
        conns = new Kept<>(budget);
    }

    StateMap<Long> sentAt(SyncRequest request) {
        if (!request.filter().lazyLoadsMembers() || request.since() == null) {
            return StateMap.empty();
        }
        Conn conn = conns.get(key(request.session()));
        return conn == null ? StateMap.empty() : conn.sentAt(request.sinceText());
    }

    void answered(SyncRequest request, StateMap<Long> sentBefore, SyncAnswer answer) {
        if (request.filter().lazyLoadsMembers()) {
            Key key = key(request.session());
            Conn before = conns.get(key);
            Conn conn = before == null ? new Conn() : before;
            conn.answered(request.sinceText(), sentBefore, answer.next().encode(), answer.sent());
            conns.put(key, conn, MEMBER * conn.weight());
        }
    }

    private static Key key(Session session) {
        return new Key(session.user(), session.device());
    }
}
