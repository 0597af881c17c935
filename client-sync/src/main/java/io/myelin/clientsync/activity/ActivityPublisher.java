package io.myelin.clientsync.activity;

import io.myelin.contracts.presence.PresenceInput;

/** Where activity is told. Returns at once; what gets lost is lost. */
@FunctionalInterface
public interface ActivityPublisher {
    void publish(PresenceInput activity);
}
