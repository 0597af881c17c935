package io.myelin.clientsync.sync;

import io.myelin.matrix.state.StateMap;
import org.jspecify.annotations.Nullable;

/**
 * The members that one connection has been sent, and that need not be sent again. They are known for two tokens: the
 * last answer's, and the one at which that answer began. So a repeated request gets what its lost answer had, and a
 * client that goes back further is sent everything again. Losing this costs bandwidth only.
 */
final class SentMembers {
    private record Known(@Nullable String token, StateMap<Long> sent) {}

    private static final Known NOTHING = new Known(null, StateMap.empty());

    private Known before = NOTHING;
    private Known now = NOTHING;

    /** The members that a client with this token has been sent. */
    synchronized StateMap<Long> sentAt(@Nullable String token) {
        if (token != null && token.equals(now.token())) {
            return now.sent();
        }
        return token != null && token.equals(before.token()) ? before.sent() : StateMap.empty();
    }

    synchronized void answered(@Nullable String since, StateMap<Long> sentBefore, String next, StateMap<Long> sent) {
        before = new Known(since, sentBefore);
        now = new Known(next, sent);
    }

    synchronized int weight() {
        return 1 + now.sent().size();
    }
}
