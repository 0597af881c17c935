package io.myelin.contracts;

import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import java.util.List;
import java.util.stream.IntStream;

/** Queries about a shard's log, which every service with a log answers. Any instance of the service can answer them. */
public interface ShardQueries<F> {

    /** The last commit of a shard now, for a read barrier. */
    Committed committed(int shard);

    /**
     * The last commit of each shard now, for a barrier on all of them.
     *
     * @param shards how many there are
     */
    default List<Committed> allCommitted(int shards) {
        return IntStream.range(0, shards).mapToObj(this::committed).toList();
    }

    /** A page of the log after a number. */
    ReplayPage<F> replay(int shard, long after, int limit);
}
