package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.AccountShard;
import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.RoomId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One user's world at one vector: every shard's values belong to its position, and to no other.
 *
 * @param shards all room shards
 */
public record UserCut(List<ShardCut> shards, AccountShard.Cut account) {

    /** A room of interest; of the user's rooms the others have nothing new. */
    public record RoomCut(UserRoom mine, CachedRoom room) {}

    /**
     * @param position what the client has been told when it gets this answer
     * @param mine all of the user's memberships in the shard
     * @param rooms those of interest
     */
    public record ShardCut(int shard, Committed position, Map<RoomId, UserRoom> mine, List<RoomCut> rooms) {}

    public SyncToken token() {
        List<Committed> positions = new ArrayList<>(shards.size());
        shards.forEach(cut -> positions.add(cut.position()));
        return new SyncToken(positions, account.position());
    }
}
