package io.myelin.contracts.presence;

import io.myelin.contracts.EphemeralQueries;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.matrix.id.UserId;

/** Queries of the other services to presence-server. */
public interface PresenceQueries extends EphemeralQueries<UserPresence> {

    /**
     * The presence of one user now, as the only value; no value if nothing is known of them.
     *
     * @throws io.myelin.contracts.Unavailable if no owner answers
     */
    ShardValues<UserPresence> presenceOf(int shard, UserId user);
}
