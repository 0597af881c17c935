package io.myelin.clientsync.kafka;

import io.myelin.clientsync.ephemeral.TypingCache;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.engine.ephemeral.Version;
import io.myelin.kafka.EphemeralSubscriber;

/** {@code typing.output} into the cache. */
public final class TypingListener implements EphemeralSubscriber<RoomTyping> {
    private final TypingCache typing;

    public TypingListener(TypingCache typing) {
        this.typing = typing;
    }

    @Override
    public void changed(int shard, Version version, RoomTyping value) {
        typing.changed(shard, version, value);
    }

    @Override
    public void reset(int shard, Version asOf) {
        typing.reset(shard, asOf);
    }

    @Override
    public void settled(int shard) {
        typing.settled(shard);
    }
}
