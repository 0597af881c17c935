package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedReceipts;
import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.ReceiptCache;
import io.myelin.clientsync.cache.ReceiptShard;
import io.myelin.clientsync.ephemeral.PresenceCache;
import io.myelin.clientsync.ephemeral.TypingCache;
import io.myelin.clientsync.sync.PresenceSection;
import io.myelin.clientsync.sync.RoomEphemerals;
import io.myelin.clientsync.token.PeekPosition;
import io.myelin.clientsync.token.RoomPosition;
import io.myelin.clientsync.token.TypingPoint;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The receipts and the typing of a room's members, and their presence, for a user who looks into the room. As with Synapse,
 * everybody may know of these who may read the room without being in it.
 */
final class PeekedEphemerals {
    private static final int ATTEMPTS = 5;

    /** How many changes of presence are looked at for one answer; of further ones nothing is told. */
    private static final int MOST_PRESENCES = 1_000;

    private final ReceiptCache receipts;
    private final TypingCache typing;
    private final PresenceCache presence;

    PeekedEphemerals(ReceiptCache receipts, TypingCache typing, PresenceCache presence) {
        this.receipts = receipts;
        this.typing = typing;
        this.presence = presence;
    }

    /**
     * What is new.
     *
     * @param next up to where the user has been told then, but for the room's events
     */
    record News(RoomEphemerals inRoom, List<UserPresence> presence, PeekPosition next) {
        boolean isEmpty() {
            return inRoom.tellsNothing() && presence.isEmpty();
        }

        void write(JsonWriter out, RoomId room, long now) {
            inRoom.writeReceipts(out, room);
            inRoom.writeTyping(out, room);
            presence.forEach(user -> PresenceSection.writeOld(out, user, now));
        }
    }

    /** The present, of which nothing is told. */
    PeekPosition now(CachedRoom room, RoomPosition at) {
        TypingPoint types = typing.since(
                        room.shard(), TypingPoint.NONE, () -> List.of(room.id()), Set.of(room.id()))
                .next();
        return new PeekPosition(
                at, receipts.shards().get(room.shard()).position(), types, presence.positions());
    }

    News since(PeekPosition since, CachedRoom room) {
        TypingCache.Typing types = typing.since(room.shard(), since.typing(), () -> List.of(room.id()), Set.of());
        Read read = receiptsSince(since.receipts(), room);
        PresenceCache.Changes changes = presence.since(since.presence(), MOST_PRESENCES);
        RoomEphemerals inRoom = types.told().isEmpty()
                ? new RoomEphemerals(read.receipts(), null)
                : new RoomEphemerals(
                        read.receipts(),
                        types.told().getFirst().users().stream()
                                .filter(user -> isJoined(room, user))
                                .toList());
        return new News(
                inRoom,
                changes.changed().stream()
                        .filter(user -> isJoined(room, user.user()))
                        .toList(),
                new PeekPosition(
                        since.room(),
                        read.position(),
                        types.next(),
                        changes.many() ? presence.positions() : changes.next()));
    }

    private static boolean isJoined(CachedRoom room, UserId user) {
        return room.membership(user).equals("join");
    }

    private record Read(Committed position, List<NumberedReceipt> receipts) {}

    private Read receiptsSince(Committed since, CachedRoom room) {
        ReceiptShard shard = receipts.shards().get(room.shard());
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<Read> read = shard.locked(() -> receiptsSince(shard, since, room));
                if (read.isPresent()) {
                    return read.get();
                }
                receipts.load(List.of(room.id()));
            }
        } catch (Unavailable notNow) {
            // They come with a later answer.
        }
        return new Read(since, List.of());
    }

    /** Empty if the room's receipts have to be loaded first. */
    private Optional<Read> receiptsSince(ReceiptShard shard, Committed since, CachedRoom room) {
        Committed position = shard.position();
        boolean isOfBefore = position.incarnation() != since.incarnation();
        if (isOfBefore || !shard.mayHaveMoved(room.id(), since.seq())) {
            return Optional.of(new Read(position, List.of()));
        }
        CachedReceipts here = shard.room(room.id()).orElse(null);
        return here == null
                ? Optional.empty()
                : Optional.of(new Read(
                        position,
                        here.since(since.seq()).stream()
                                .filter(each -> each.receipt().isPublic()
                                        && isJoined(room, each.receipt().user()))
                                .toList()));
    }
}
