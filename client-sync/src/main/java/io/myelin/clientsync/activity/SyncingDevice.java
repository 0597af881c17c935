package io.myelin.clientsync.activity;

import io.myelin.contracts.presence.PresenceState;
import io.myelin.matrix.id.UserId;

/** A device that syncs, or has a moment ago. Guarded by itself. */
final class SyncingDevice {
    record Key(UserId user, String device) {}

    final Key key;
    PresenceState presence;

    /** When it was last told of. */
    long toldAt;

    /** When it last had a request. */
    long seenAt;

    /** How many of its requests are under way. */
    int open;

    /** Whether it is told of no more. */
    boolean gone;

    SyncingDevice(Key key, PresenceState presence) {
        this.key = key;
        this.presence = presence;
    }
}
