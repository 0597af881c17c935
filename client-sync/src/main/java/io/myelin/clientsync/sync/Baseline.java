package io.myelin.clientsync.sync;

import io.myelin.clientsync.token.SyncToken;
import io.myelin.clientsync.token.TypingPoint;
import io.myelin.engine.Committed;
import org.jspecify.annotations.Nullable;

/** The positions after which a client is to be told: the components of its token, as far as they are valid. */
public record Baseline(@Nullable SyncToken since) {

    /**
     * Whether it is unknown what the client knows of a shard: it has no token, or one whose component is of another
     * incarnation, or newer than the shard. Then the shard's rooms are told from the start.
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

    /** Whether a client knows nothing of the user's account data. */
    boolean hasNoAccountData(Committed position) {
        return since == null || isVoid(since.account(), position);
    }

    public long accountAfter(Committed position) {
        return since == null || isVoid(since.account(), position)
                ? 0
                : since.account().seq();
    }

    /** Whether a client knows nothing of the receipts of a shard. */
    boolean hasNoReceipts(int shard, Committed position) {
        return since == null || isVoid(since.receipts().get(shard), position);
    }

    long receiptsAfter(int shard, Committed position) {
        return since == null || hasNoReceipts(shard, position)
                ? 0
                : since.receipts().get(shard).seq();
    }

    TypingPoint typing(int shard) {
        return since == null ? TypingPoint.NONE : since.typing().get(shard);
    }

    private static boolean isVoid(Committed component, Committed position) {
        return component.incarnation() != position.incarnation() || component.seq() > position.seq();
    }
}
