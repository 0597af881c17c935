package io.myelin.contracts;

import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;

/** What every owner of shards answers about its log; any instance of the service can. */
public interface ShardQueries<F> {

    /** What is committed in a shard now, for a read barrier. */
    Committed committed(int shard);

    /** A page of the log after a number. */
    ReplayPage<F> replay(int shard, long after, int limit);
}
