package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.AccountShard;
import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.Memberships;
import io.myelin.clientsync.cache.RoomShard;
import io.myelin.clientsync.cache.UserCache;
import io.myelin.clientsync.sync.UserCut.EphemeralCut;
import io.myelin.clientsync.sync.UserCut.RoomCut;
import io.myelin.clientsync.sync.UserCut.ShardCut;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes cuts through the caches, each shard under its lock; what is missing is loaded, and the shard cut again. */
final class Cuts {
    private static final int ATTEMPTS = 5;

    /** What a shard has for an answer, or what must be loaded first. */
    private record Taken(@Nullable ShardCut cut, List<RoomId> missing) {}

    private final GlobalCache rooms;
    private final UserCache users;
    private final EphemeralCuts ephemerals;
    private final PresenceCuts presence;

    Cuts(GlobalCache rooms, UserCache users, EphemeralCuts ephemerals, PresenceCuts presence) {
        this.rooms = rooms;
        this.users = users;
        this.ephemerals = ephemerals;
        this.presence = presence;
    }

    UserCut take(SyncRequest request, Baseline baseline, Behind behind) {
        UserId user = request.user();
        users.ensure(user);
        List<ShardCut> cuts = new ArrayList<>();
        for (int shard = 0; shard < rooms.shards().size(); shard++) {
            if (behind.rooms().get(shard) && request.since() != null) {
                cuts.add(new ShardCut(shard, request.since().room(shard), Map.of(), List.of()));
            } else {
                cuts.add(withNewly(take(request, baseline, shard), user, baseline));
            }
        }
        List<EphemeralCut> told = new ArrayList<>(cuts.size());
        for (ShardCut shard : cuts) {
            told.add(ephemerals.take(request, baseline, behind, shard));
        }
        UserCut.PresenceCut present = presence.take(request, baseline, cuts);
        AccountShard.Cut account = account(user);
        SyncToken since = request.since();
        if (since != null && (behind.account() || tellsOfAny(account, baseline, behind.rooms()))) {
            return new UserCut(cuts, asOf(account, since.account()), told, present);
        }
        return new UserCut(cuts, account, told, present);
    }

    /** Finds the rooms that have been joined since. */
    private ShardCut withNewly(ShardCut cut, UserId user, Baseline baseline) {
        long after = baseline.after(cut.shard(), cut.position());
        if (baseline.isFresh(cut.shard(), cut.position())
                || cut.rooms().stream().noneMatch(room -> room.mine().seq() > after)) {
            return cut;
        }
        List<RoomCut> marked = new ArrayList<>(cut.rooms().size());
        for (RoomCut room : cut.rooms()) {
            UserRoom mine = room.mine();
            boolean newly = mine.membership().equals("join")
                    && mine.seq() > after
                    && !rooms.loader()
                            .membershipAt(room.room(), user.value(), after)
                            .equals("join");
            marked.add(new RoomCut(mine, room.room(), newly));
        }
        return new ShardCut(cut.shard(), cut.position(), cut.mine(), marked);
    }

    /** Whether account data has changed in a room of these shards: where the room cannot be told of, nor can they. */
    private boolean tellsOfAny(AccountShard.Cut account, Baseline baseline, BitSet shards) {
        return !shards.isEmpty()
                && account.items().roomsSince(baseline.accountAfter(account.position())).stream()
                        .anyMatch(room -> shards.get(rooms.shardNumber(room)));
    }

    private static AccountShard.Cut asOf(AccountShard.Cut account, Committed position) {
        return new AccountShard.Cut(position, account.items().until(position.seq()));
    }

    private AccountShard.Cut account(UserId user) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<AccountShard.Cut> cut = users.accountShard(user).cut(user);
            if (cut.isPresent()) {
                return cut.get();
            }
            users.ensure(user);
        }
        throw new Unavailable("The account data cannot be loaded now: " + user);
    }

    private ShardCut take(SyncRequest request, Baseline baseline, int number) {
        RoomShard shard = rooms.shards().get(number);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Taken taken = shard.locked(() -> cut(shard, number, request, baseline));
            if (taken.cut() != null) {
                taken.cut().rooms().forEach(room -> rooms.touch(room.room()));
                return taken.cut();
            }
            if (taken.missing().isEmpty()) {
                users.ensure(request.user());
            } else {
                rooms.load(taken.missing());
            }
        }
        throw new Unavailable("The rooms cannot be loaded now: " + request.user());
    }

    private Taken cut(RoomShard shard, int number, SyncRequest request, Baseline baseline) {
        Optional<Memberships> memberships = shard.memberships(request.user());
        if (memberships.isEmpty()) {
            return new Taken(null, List.of());
        }
        Committed position = shard.position();
        Map<RoomId, UserRoom> mine = memberships.get().rooms();
        List<RoomCut> cuts = new ArrayList<>();
        List<RoomId> missing = new ArrayList<>();
        for (UserRoom room : mine.values()) {
            if (isOfInterest(shard, number, position, room, request, baseline)) {
                Optional<CachedRoom> here = shard.room(room.room());
                here.ifPresentOrElse(
                        cached -> cuts.add(new RoomCut(room, cached, false)), () -> missing.add(room.room()));
            }
        }
        return missing.isEmpty()
                ? new Taken(new ShardCut(number, position, mine, cuts), List.of())
                : new Taken(null, missing);
    }

    private static boolean isOfInterest(
            RoomShard shard, int number, Committed position, UserRoom room, SyncRequest request, Baseline baseline) {
        if (!request.filter().wants(room.room())) {
            return false;
        }
        boolean fresh = baseline.isFresh(number, position);
        long after = baseline.after(number, position);
        return switch (room.membership()) {
            case "join" -> fresh || request.fullState() || shard.newest(room) > after;
            case "invite", "knock" -> room.seq() > after;
            default -> {
                boolean old = fresh || request.fullState();
                yield !room.forgotten() && (old && request.filter().includeLeave() || !fresh && room.seq() > after);
            }
        };
    }
}
