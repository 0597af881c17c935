package io.myelin.clientsync.park;

import io.myelin.contracts.account.Session;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One request that waits for news. It is registered before it first looks, so that news that comes while it looks is
 * not lost. At most one thread looks at a time, and none while it is parked.
 */
final class Waiting {
    private final Session session;
    private final int count;
    private final Executor executor;
    private @Nullable Runnable look;
    private boolean parked;
    private boolean news;
    private boolean last;
    private boolean revoked;

    /** @param count as how many requests this one counts */
    Waiting(Session session, int count, Executor executor) {
        this.session = session;
        this.count = count;
        this.executor = executor;
    }

    Session session() {
        return session;
    }

    int count() {
        return count;
    }

    /**
     * Parks the request, unless there was news since it last began to look.
     *
     * @param look looks again; run when there is news
     */
    synchronized boolean park(Runnable look) {
        if (news || last) {
            news = false;
            return false;
        }
        this.look = look;
        parked = true;
        return true;
    }

    /** Tells the request that there is news. */
    void wake() {
        wake(false);
    }

    /** Makes the request look once more, and then answer in any case. */
    void end() {
        wake(true);
    }

    /** Ends the request, whose session is over: it is told nothing any more. */
    void revoke() {
        synchronized (this) {
            revoked = true;
        }
        wake(true);
    }

    synchronized boolean isRevoked() {
        return revoked;
    }

    private void wake(boolean lastTime) {
        Runnable run;
        synchronized (this) {
            last |= lastTime;
            if (!parked) {
                news = true;
                return;
            }
            parked = false;
            news = false;
            run = look;
        }
        if (run != null) {
            executor.execute(run);
        }
    }

    synchronized boolean isLast() {
        return last;
    }
}
