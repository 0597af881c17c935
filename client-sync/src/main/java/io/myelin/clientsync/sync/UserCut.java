package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.AccountShard;
import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.clientsync.token.TypingPoint;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.engine.Committed;
import io.myelin.engine.ephemeral.Version;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All values that one answer to a user is made of, at one vector of positions: the values of each shard are exactly
 * those at its position.
 *
 * @param shards all room shards
 * @param ephemerals of the same shards
 */
record UserCut(
        List<ShardCut> shards,
        AccountShard.Cut account,
        List<EphemeralCut> ephemerals,
        PresenceCut presence,
        DeviceListCut devices,
        ToDeviceCut toDevice) {

    /**
     * A room that the answer may tell of; the user's other rooms have nothing new.
     *
     * @param newly whether the user has joined it since what the client knows
     */
    record RoomCut(UserRoom mine, CachedRoom room, boolean newly) {}

    /**
     * @param position up to which the client has been told when it gets this answer
     * @param mine all of the user's memberships in the shard
     * @param rooms the rooms that the answer may tell of
     */
    record ShardCut(int shard, Committed position, Map<RoomId, UserRoom> mine, List<RoomCut> rooms) {}

    /**
     * Receipts and typing.
     *
     * @param receipts the position of the receipts
     * @param rooms what is new, of rooms that the user is joined to
     */
    record EphemeralCut(Committed receipts, TypingPoint typing, Map<RoomId, RoomEphemerals> rooms) {}

    /**
     * Presence.
     *
     * @param next the versions up to which the client has been told with this answer, by shard
     */
    record PresenceCut(List<Version> next, List<UserPresence> told) {}

    /**
     * Device lists.
     *
     * @param next the positions up to which the client has been told with this answer, by account shard
     * @param changed whose devices the client has to ask for anew
     * @param left who shares no room with the viewer any more
     */
    record DeviceListCut(List<Committed> next, List<UserId> changed, List<UserId> left) {}

    SyncToken token() {
        List<Committed> positions = new ArrayList<>(shards.size());
        shards.forEach(cut -> positions.add(cut.position()));
        return new SyncToken(
                positions,
                account.position(),
                ephemerals.stream().map(EphemeralCut::receipts).toList(),
                ephemerals.stream().map(EphemeralCut::typing).toList(),
                presence.next(),
                devices.next(),
                toDevice.next());
    }
}
