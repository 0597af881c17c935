package io.myelin.clientsync.sync;

import io.myelin.clientsync.token.SyncToken;
import io.myelin.engine.Committed;
import org.jspecify.annotations.Nullable;

/** From where on a client is to be told: the components of its token, as far as they still mean something. */
public record Baseline(@Nullable SyncToken since) {

    /**
     * Whether nothing can be said about what the client knows of a shard: it has no token, or one whose component is of
     * another incarnation, or newer than everything. Its rooms are told from the start.
     */
    public boolean isFresh(int shard, Committed position) {
        return since == null || isVoid(since.room(shard), position);
    }

    public boolean isFirst() {
        return since == null;
    }

    /** The number after which the client is to be told; 0 if fresh. */
    public long after(int shard, Committed position) {
        return since == null || isVoid(since.room(shard), position)
                ? 0
                : since.room(shard).seq();
    }

    public long accountAfter(Committed position) {
        return since == null || isVoid(since.account(), position)
                ? 0
                : since.account().seq();
    }

    private static boolean isVoid(Committed component, Committed position) {
        return component.incarnation() != position.incarnation() || component.seq() > position.seq();
    }
}
