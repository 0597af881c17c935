package io.myelin.clientsync.kafka;

import io.myelin.clientsync.activity.ActivityPublisher;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.presence.PresenceInput;
import io.myelin.contracts.presence.PresenceTopics;
import io.myelin.kafka.EphemeralSender;
import java.util.concurrent.Executor;

/** Publishes activity to {@code sync.activity}, off the request's thread, because sending may wait for a moment. */
public final class SyncActivityPublisher implements ActivityPublisher {
    private final EphemeralSender sender;
    private final int shards;
    private final Executor executor;

    public SyncActivityPublisher(EphemeralSender sender, int shards, Executor executor) {
        this.sender = sender;
        this.shards = shards;
        this.executor = executor;
    }

    @Override
    public void publish(PresenceInput activity) {
        String user = activity.entity();
        executor.execute(() -> {
            var _ = sender.send(
                    PresenceTopics.ACTIVITY.name(), Partitions.of(user, shards), user, Cbor.encode(activity));
        });
    }
}
