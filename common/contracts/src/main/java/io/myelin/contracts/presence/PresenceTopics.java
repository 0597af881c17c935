package io.myelin.contracts.presence;

import io.myelin.contracts.Topic;

/** The topics of presence-server. Partition = shard of the user. */
public final class PresenceTopics {

    /** Presence that clients set. */
    public static final Topic.Signals<PresenceInput> INPUT = new Topic.Signals<>("presence.input", PresenceInput.class);

    /** Devices that sync, as seen by the reader that serves /sync. */
    public static final Topic.Signals<PresenceInput> ACTIVITY =
            new Topic.Signals<>("sync.activity", PresenceInput.class);

    public static final Topic.Values<UserPresence> OUTPUT = new Topic.Values<>(
            "presence.output", UserPresence.class, presence -> presence.user().value(), PresenceContracts.QUERIES);

    private PresenceTopics() {}
}
