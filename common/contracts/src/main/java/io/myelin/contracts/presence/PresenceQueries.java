package io.myelin.contracts.presence;

import io.myelin.contracts.EphemeralQueries;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.matrix.id.UserId;

/** What presence-server tells the other services. */
public interface PresenceQueries extends EphemeralQueries<UserPresence> {

    /**
     * What is shown of one user now: the only value, or none if nothing is known of them.
     *
     * @throws io.myelin.contracts.Unavailable if no owner answers
     */
    ShardValues<UserPresence> presenceOf(int shard, UserId user);
}
