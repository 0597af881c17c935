package io.myelin.clientsync.activity;

import io.myelin.contracts.presence.PresenceInput;

/** Publishes the activity of devices. Returns at once; a lost record is not sent again. */
@FunctionalInterface
public interface ActivityPublisher {
    void publish(PresenceInput activity);
}
