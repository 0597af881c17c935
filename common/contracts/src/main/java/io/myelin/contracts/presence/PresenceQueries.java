package io.myelin.contracts.presence;

import io.myelin.contracts.EphemeralQueries;

/** What presence-server tells the other services. */
public interface PresenceQueries extends EphemeralQueries<UserPresence> {}
