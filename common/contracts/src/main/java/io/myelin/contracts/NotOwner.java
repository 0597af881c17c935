package io.myelin.contracts;

import org.jspecify.annotations.Nullable;

/**
 * Only a shard's owner can do this, and the instance that was asked does not own the shard. Between processes this is
 * status 421.
 */
public final class NotOwner extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int shard;
    private final @Nullable String owner;

    /** @param owner the address of the owner's internal listener, null if no owner is known */
    public NotOwner(int shard, @Nullable String owner) {
        super("Shard " + shard + " is owned by " + (owner == null ? "nobody" : owner), null, false, false);
        this.shard = shard;
        this.owner = owner;
    }

    public int shard() {
        return shard;
    }

    public @Nullable String owner() {
        return owner;
    }
}
