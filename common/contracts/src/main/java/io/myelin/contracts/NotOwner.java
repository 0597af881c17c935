package io.myelin.contracts;

import org.jspecify.annotations.Nullable;

/** Only a shard's owner can do this, and the instance that was asked is not it. Between processes: 421. */
public final class NotOwner extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int shard;
    private final @Nullable String owner;

    /** @param owner the address of the owner's internal listener, null if nobody is known to own the shard */
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
