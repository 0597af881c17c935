package io.myelin.clientsync.activity;

import io.myelin.contracts.presence.PresenceState;
import io.myelin.matrix.id.UserId;

/** A device that syncs, or did so a moment ago. Guarded by its own lock. */
final class SyncingDevice {
    record Key(UserId user, String device) {}

    final Key key;
    PresenceState presence;

    /** When its activity was last published; 0 for never. */
    long toldAt;

    /** When it last had a request. */
    long seenAt;

    /** How many of its requests are under way. */
    int open;

    /** Whether its end was published; nothing is published after that. */
    boolean gone;

    SyncingDevice(Key key, PresenceState presence) {
        this.key = key;
        this.presence = presence;
    }
}
