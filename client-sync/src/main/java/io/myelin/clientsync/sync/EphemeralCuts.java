package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.CachedReceipts;
import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.ReceiptCache;
import io.myelin.clientsync.cache.ReceiptShard;
import io.myelin.clientsync.ephemeral.TypingCache;
import io.myelin.clientsync.ephemeral.TypingCache.Typing;
import io.myelin.clientsync.filter.SyncFilter;
import io.myelin.clientsync.sync.UserCut.EphemeralCut;
import io.myelin.clientsync.sync.UserCut.RoomCut;
import io.myelin.clientsync.sync.UserCut.ShardCut;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.clientsync.token.TypingPoint;
import io.myelin.contracts.Position;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the new receipts and the typing of the rooms of one cut. A receipt is never told before its event: if the log
 * of receipts is ahead of the rooms', it is cut before the first receipt whose event the rooms do not have yet.
 */
final class EphemeralCuts {
    private static final int ATTEMPTS = 5;

    private record Receipts(Committed position, Map<RoomId, List<NumberedReceipt>> rooms) {}

    /** What a shard has for an answer, or what must be loaded first. */
    private record Taken(@Nullable Receipts receipts, List<RoomId> missing) {}

    private final GlobalCache rooms;
    private final ReceiptCache receipts;
    private final TypingCache typing;

    EphemeralCuts(GlobalCache rooms, ReceiptCache receipts, TypingCache typing) {
        this.rooms = rooms;
        this.receipts = receipts;
        this.typing = typing;
    }

    EphemeralCut take(SyncRequest request, Baseline baseline, LaggingShards behind, ShardCut cut) {
        int shard = cut.shard();
        SyncToken since = request.since();
        if (since != null && behind.rooms().get(shard)) {
            // Nothing is told of a shard that is behind, whatever members its rooms have by now.
            return new EphemeralCut(since.receipts().get(shard), since.typing().get(shard), Map.of());
        }
        Set<RoomId> fromTheStart = fromTheStart(cut, baseline);
        Receipts read = since != null && behind.receipts().get(shard)
                ? new Receipts(since.receipts().get(shard), Map.of())
                : receipts(request, baseline, cut, fromTheStart);
        Typing types = typing(request, baseline.typing(shard), cut, fromTheStart);
        if (read.rooms().isEmpty() && types.told().isEmpty()) {
            return new EphemeralCut(read.position(), types.next(), Map.of());
        }
        Map<RoomId, RoomEphemerals> told = new HashMap<>();
        read.rooms().forEach((room, news) -> told.put(room, new RoomEphemerals(news, null)));
        types.told()
                .forEach(room -> told.compute(
                        room.room(), (_, has) -> (has == null ? RoomEphemerals.NONE : has).withTyping(room.users())));
        told.replaceAll((room, has) -> has.filtered(room, request.filter().ephemeral()));
        return new EphemeralCut(read.position(), types.next(), told);
    }

    /** The rooms of which the client knows nothing. */
    private static Set<RoomId> fromTheStart(ShardCut cut, Baseline baseline) {
        boolean fresh = baseline.isFresh(cut.shard(), cut.position());
        Set<RoomId> rooms = new HashSet<>();
        for (RoomCut room : cut.rooms()) {
            if ((fresh || room.newly()) && room.mine().membership().equals("join")) {
                rooms.add(room.room().id());
            }
        }
        return rooms;
    }

    private static List<RoomId> joined(SyncRequest request, ShardCut cut) {
        List<RoomId> joined = new ArrayList<>();
        for (UserRoom room : cut.mine().values()) {
            if (room.membership().equals("join") && request.filter().wants(room.room())) {
                joined.add(room.room());
            }
        }
        return joined;
    }

    private Typing typing(SyncRequest request, TypingPoint since, ShardCut cut, Set<RoomId> fromTheStart) {
        if (!request.filter().ephemeral().acceptsType(RoomEphemerals.TYPING)) {
            return new Typing(since, List.of());
        }
        Typing types = typing.since(cut.shard(), since, () -> joined(request, cut), fromTheStart);
        return types.told().isEmpty() ? types : new Typing(types.next(), typistsWhoAreIn(types.told(), cut));
    }

    /** The lists without users who have left: typing-server may not have heard of it yet. */
    private List<RoomTyping> typistsWhoAreIn(List<RoomTyping> told, ShardCut cut) {
        Map<RoomId, CachedRoom> here = new HashMap<>();
        cut.rooms().forEach(room -> here.put(room.room().id(), room.room()));
        return told.stream()
                .map(types -> {
                    CachedRoom room = here.containsKey(types.room())
                            ? here.get(types.room())
                            : rooms.shards().get(cut.shard()).room(types.room()).orElse(null);
                    return room == null ? types : new RoomTyping(types.room(), joinedOf(types.users(), room));
                })
                .toList();
    }

    private static List<UserId> joinedOf(List<UserId> users, CachedRoom room) {
        return users.stream()
                .filter(user -> room.membership(user).equals("join"))
                .toList();
    }

    private Receipts receipts(SyncRequest request, Baseline baseline, ShardCut cut, Set<RoomId> fromTheStart) {
        SyncToken since = request.since();
        try {
            Receipts taken = cutReceipts(request, baseline, cut, fromTheStart);
            boolean fresh = baseline.hasNoReceipts(cut.shard(), taken.position());
            return notBeforeTheirEvents(
                    fresh || !fromTheStart.isEmpty() ? ofMembers(taken, cut, fresh, fromTheStart) : taken,
                    cut.position());
        } catch (Unavailable e) {
            if (since == null) {
                throw e;
            }
            return new Receipts(since.receipts().get(cut.shard()), Map.of());
        }
    }

    private Receipts cutReceipts(SyncRequest request, Baseline baseline, ShardCut cut, Set<RoomId> fromTheStart) {
        ReceiptShard shard = receipts.shards().get(cut.shard());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Taken taken = shard.locked(() -> cutOnce(shard, request, baseline, cut, fromTheStart));
            if (taken.receipts() != null) {
                return taken.receipts();
            }
            receipts.load(taken.missing());
        }
        throw new Unavailable("The receipts cannot be loaded now: " + request.user());
    }

    /** Begins to load the receipts of rooms that will be told from the start. */
    void loadAhead(SyncRequest request, List<RoomId> wanted) {
        if (isWanted(request.filter())) {
            receipts.loadAhead(wanted);
        }
    }

    private Taken cutOnce(
            ReceiptShard shard, SyncRequest request, Baseline baseline, ShardCut cut, Set<RoomId> fromTheStart) {
        Committed position = shard.position();
        boolean fresh = baseline.hasNoReceipts(cut.shard(), position);
        long after = baseline.receiptsAfter(cut.shard(), position);
        Map<RoomId, List<NumberedReceipt>> news = new HashMap<>();
        List<RoomId> missing = new ArrayList<>();
        if (!isWanted(request.filter()) || !fresh && after == position.seq() && fromTheStart.isEmpty()) {
            return new Taken(new Receipts(position, news), missing);
        }
        for (RoomId id : joined(request, cut)) {
            boolean all = fresh || fromTheStart.contains(id);
            if (!all && !shard.mayHaveMoved(id, after)) {
                continue;
            }
            CachedReceipts here = shard.room(id).orElse(null);
            if (here == null) {
                missing.add(id);
                continue;
            }
            List<NumberedReceipt> seen = visible(here.since(all ? 0 : after), request.user());
            if (!seen.isEmpty()) {
                receipts.touch(id, here);
                news.put(id, seen);
            }
        }
        return missing.isEmpty() ? new Taken(new Receipts(position, news), missing) : new Taken(null, missing);
    }

    private static boolean isWanted(SyncFilter filter) {
        return filter.ephemeral().acceptsType(ReceiptEvent.TYPE)
                || filter.roomAccountData().acceptsType(Receipt.FULLY_READ);
    }

    private static List<NumberedReceipt> visible(List<NumberedReceipt> receipts, UserId viewer) {
        return receipts.stream()
                .filter(receipt ->
                        receipt.receipt().isPublic() || receipt.receipt().user().equals(viewer))
                .toList();
    }

    private static Receipts notBeforeTheirEvents(Receipts taken, Committed rooms) {
        long before = Long.MAX_VALUE;
        for (List<NumberedReceipt> receipts : taken.rooms().values()) {
            for (NumberedReceipt receipt : receipts) {
                Position at = receipt.receipt().at();
                if (at.incarnation() == rooms.incarnation() && at.seq() > rooms.seq()) {
                    before = Math.min(before, receipt.seq());
                }
            }
        }
        if (before == Long.MAX_VALUE) {
            return taken;
        }
        long until = before - 1;
        Map<RoomId, List<NumberedReceipt>> known = new HashMap<>();
        taken.rooms().forEach((room, receipts) -> {
            List<NumberedReceipt> first =
                    receipts.stream().filter(receipt -> receipt.seq() <= until).toList();
            if (!first.isEmpty()) {
                known.put(room, first);
            }
        });
        return new Receipts(new Committed(taken.position().incarnation(), until), known);
    }

    /** The receipts without those of users who have left, in rooms that are told from the start. */
    private Receipts ofMembers(Receipts taken, ShardCut cut, boolean fresh, Set<RoomId> fromTheStart) {
        Map<RoomId, CachedRoom> here = new HashMap<>();
        cut.rooms().forEach(room -> here.put(room.room().id(), room.room()));
        Map<RoomId, List<NumberedReceipt>> left = new HashMap<>();
        taken.rooms().forEach((id, receipts) -> {
            CachedRoom room = !fresh && !fromTheStart.contains(id)
                    ? null
                    : here.containsKey(id)
                            ? here.get(id)
                            : rooms.shards().get(cut.shard()).room(id).orElse(null);
            left.put(id, room == null ? receipts : ofMembers(receipts, room));
        });
        return new Receipts(taken.position(), left);
    }

    private static List<NumberedReceipt> ofMembers(List<NumberedReceipt> receipts, CachedRoom room) {
        return receipts.stream()
                .filter(receipt -> room.membership(receipt.receipt().user()).equals("join"))
                .toList();
    }
}
