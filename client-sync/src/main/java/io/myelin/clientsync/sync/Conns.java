package io.myelin.clientsync.sync;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateMap;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The connections of clients that load members lazily; bounded by how many members they were sent in all. */
final class Conns {
    private static final long MOST_MEMBERS = 2_000_000;

    private record Key(UserId user, @Nullable String device) {}

    private final Cache<Key, Conn> conns = Caffeine.newBuilder()
            .maximumWeight(MOST_MEMBERS)
            .weigher((Key _, Conn conn) -> conn.weight())
            .expireAfterAccess(Duration.ofMinutes(30))
            .build();

    StateMap<Long> sentAt(SyncRequest request) {
        if (!request.filter().lazyLoadsMembers() || request.since() == null) {
            return StateMap.empty();
        }
        Conn conn = conns.getIfPresent(key(request.session()));
        return conn == null ? StateMap.empty() : conn.sentAt(request.sinceText());
    }

    void answered(SyncRequest request, StateMap<Long> sentBefore, SyncAnswer answer) {
        if (request.filter().lazyLoadsMembers()) {
            Key key = key(request.session());
            Conn conn = conns.get(key, _ -> new Conn());
            conn.answered(request.sinceText(), sentBefore, answer.next().encode(), answer.sent());
            // Weighed again.
            conns.put(key, conn);
        }
    }

    private static Key key(Session session) {
        return new Key(session.user(), session.device());
    }
}
