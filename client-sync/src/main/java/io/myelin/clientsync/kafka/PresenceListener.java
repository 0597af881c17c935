package io.myelin.clientsync.kafka;

import io.myelin.clientsync.ephemeral.PresenceCache;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.engine.ephemeral.Version;
import io.myelin.kafka.EphemeralSubscriber;

/** {@code presence.output} into the cache. */
public final class PresenceListener implements EphemeralSubscriber<UserPresence> {
    private final PresenceCache presence;

    public PresenceListener(PresenceCache presence) {
        this.presence = presence;
    }

    @Override
    public void changed(int shard, Version version, UserPresence value) {
        presence.changed(shard, version, value);
    }

    @Override
    public void reset(int shard, Version asOf) {
        presence.reset(shard, asOf);
    }

    @Override
    public void settled(int shard) {
        presence.settled(shard);
    }
}
