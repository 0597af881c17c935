package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.AccountShard;
import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.Inboxes;
import io.myelin.clientsync.cache.Memberships;
import io.myelin.clientsync.cache.MemoryBudget;
import io.myelin.clientsync.cache.RoomShard;
import io.myelin.clientsync.cache.UserCache;
import io.myelin.clientsync.sync.UserCut.EphemeralCut;
import io.myelin.clientsync.sync.UserCut.RoomCut;
import io.myelin.clientsync.sync.UserCut.ShardCut;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.clientsync.token.TypingPoint;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes cuts through the caches, each shard under its lock; what is missing is loaded, and the shard cut again. */
final class Cuts {
    private static final int ATTEMPTS = 5;

    /**
     * A first answer goes on to the next shard only while it tells no more than one half of all that may be cached; the
     * rest comes with the next answer. The rooms that an answer tells of stay in memory until it is written, even if
     * the caches drop them meanwhile.
     */
    private static final int SHARE = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Cuts.class);

    /** A position of an incarnation that no shard has: a client that has it is told everything from the start. */
    private static final Committed NOWHERE = new Committed(0, 0);

    /** What a shard has for an answer, or what must be loaded first. */
    private record Taken(@Nullable ShardCut cut, List<UserRoom> missing) {}

    /** Rooms of which only excerpts are needed, and rooms that cannot be read and are not told of. */
    private record Excerpts(Map<RoomId, CachedRoom> excerpts, Set<RoomId> unreadable) {
        Excerpts() {
            this(new HashMap<>(), new HashSet<>());
        }
    }

    private final GlobalCache rooms;
    private final UserCache users;
    private final EphemeralCuts ephemerals;
    private final PresenceCuts presence;
    private final ToDeviceCuts toDevice;
    private final DeviceListCuts devices;
    private final long most;

    /** @param budget of the caches, of which an answer may hold a share */
    Cuts(
            GlobalCache rooms,
            UserCache users,
            EphemeralCuts ephemerals,
            PresenceCuts presence,
            ToDeviceCuts toDevice,
            DeviceListCuts devices,
            MemoryBudget budget) {
        this.most = budget.capacity() / SHARE;
        this.rooms = rooms;
        this.users = users;
        this.ephemerals = ephemerals;
        this.presence = presence;
        this.toDevice = toDevice;
        this.devices = devices;
    }

    UserCut take(SyncRequest request, Baseline baseline, LaggingShards behind) {
        UserId user = request.user();
        users.ensure(user);
        List<ShardCut> cuts = new ArrayList<>();
        Set<Integer> postponed = new HashSet<>();
        long weight = 0;
        for (int shard = 0; shard < rooms.shards().size(); shard++) {
            if (behind.rooms().get(shard) && request.since() != null) {
                cuts.add(new ShardCut(shard, request.since().room(shard), Map.of(), List.of()));
            } else if (weight > most && tellsWhole(request, baseline, shard)) {
                cuts.add(new ShardCut(shard, NOWHERE, Map.of(), List.of()));
                postponed.add(shard);
            } else {
                loadAhead(request, baseline, shard + 1);
                ShardCut cut = withNewly(take(request, baseline, shard), user, baseline);
                weight += tellsWhole(request, baseline, shard) ? weight(cut) : 0;
                cuts.add(cut);
            }
        }
        if (!postponed.isEmpty()) {
            LOG.info(
                    "The rooms of {} take more than half of sync.memory: those of {} shards come with their next /sync",
                    user.value(),
                    postponed.size());
        }
        List<EphemeralCut> told = new ArrayList<>(cuts.size());
        for (ShardCut shard : cuts) {
            told.add(
                    postponed.contains(shard.shard())
                            ? new EphemeralCut(NOWHERE, TypingPoint.NONE, Map.of())
                            : ephemerals.take(request, baseline, behind, shard));
        }
        UserCut.PresenceCut present = presence.take(request, baseline, cuts);
        UserCut.DeviceListCut deviceLists = devices.take(request, baseline, cuts);
        AccountShard.Cut account = account(user);
        SyncToken since = request.since();
        if (since != null && (behind.account() || tellsOfAny(account, baseline, behind.rooms()))) {
            account = asOf(account, since.account());
        }
        return new UserCut(cuts, account, told, present, deviceLists, toDevice.take(request, account));
    }

    /** Begins to load what the answer tells of the next shard and of the receipts there, while this one's rooms are loaded. */
    private void loadAhead(SyncRequest request, Baseline baseline, int number) {
        if (number >= rooms.shards().size() || !tellsWhole(request, baseline, number)) {
            return;
        }
        RoomShard shard = rooms.shards().get(number);
        Committed position = shard.position();
        List<RoomId> missing = shard.memberships(request.user()).map(Memberships::rooms).orElse(Map.of()).values().stream()
                .filter(room -> !isToldStripped(room)
                        && isOfInterest(shard, number, position, room, request, baseline)
                        && shard.room(room.room()).isEmpty())
                .map(UserRoom::room)
                .toList();
        if (!missing.isEmpty()) {
            rooms.loadAhead(missing);
            ephemerals.loadAhead(request, missing);
        }
    }

    private boolean tellsWhole(SyncRequest request, Baseline baseline, int shard) {
        return request.fullState()
                || baseline.isFresh(shard, rooms.shards().get(shard).position());
    }

    private static long weight(ShardCut cut) {
        return cut.rooms().stream().mapToLong(room -> room.room().weight()).sum();
    }

    /** Marks the rooms that the user has joined since. */
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

    /**
     * Whether account data has changed in a room of these shards. While such a room cannot be told of, its account data
     * cannot be told of either.
     */
    private boolean tellsOfAny(AccountShard.Cut account, Baseline baseline, BitSet shards) {
        return !shards.isEmpty()
                && account.items().roomsSince(baseline.accountAfter(account.position())).stream()
                        .anyMatch(room -> shards.get(rooms.shardNumber(room)));
    }

    private static AccountShard.Cut asOf(AccountShard.Cut account, Committed position) {
        // The messages stay where they are until the shard can be told of.
        return new AccountShard.Cut(position, account.items().until(position.seq()), Inboxes.NONE);
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
        Excerpts substitutes = new Excerpts();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Taken taken = shard.locked(() -> cut(shard, number, request, baseline, substitutes));
            if (taken.cut() != null) {
                taken.cut().rooms().stream()
                        .filter(room ->
                                !substitutes.excerpts().containsKey(room.mine().room()))
                        .forEach(room -> rooms.touch(room.room()));
                return taken.cut();
            }
            if (taken.missing().isEmpty()) {
                users.ensure(request.user());
            } else {
                load(shard, number, request.user(), taken.missing(), substitutes);
            }
        }
        throw new Unavailable("The rooms cannot be loaded now: " + request.user());
    }

    /** Loads missing rooms. Of a room that the user is invited to, or knocks at, only the stripped state is read. */
    private void load(RoomShard shard, int number, UserId user, List<UserRoom> missing, Excerpts substitutes) {
        List<RoomId> whole = new ArrayList<>();
        for (UserRoom room : missing) {
            if (isToldStripped(room)) {
                rooms.loader()
                        .excerpt(
                                room.room(),
                                number,
                                shard.position().incarnation(),
                                StrippedSection.places(user, room.sender()))
                        .ifPresentOrElse(
                                excerpt -> substitutes.excerpts().put(room.room(), excerpt),
                                () -> substitutes.unreadable().add(room.room()));
            } else {
                whole.add(room.room());
            }
        }
        if (!whole.isEmpty()) {
            substitutes.unreadable().addAll(rooms.load(whole));
        }
    }

    private static boolean isToldStripped(UserRoom room) {
        return room.membership().equals("invite") || room.membership().equals("knock");
    }

    private Taken cut(RoomShard shard, int number, SyncRequest request, Baseline baseline, Excerpts substitutes) {
        Optional<Memberships> memberships = shard.memberships(request.user());
        if (memberships.isEmpty()) {
            return new Taken(null, List.of());
        }
        Committed position = shard.position();
        Map<RoomId, UserRoom> mine = memberships.get().rooms();
        List<RoomCut> cuts = new ArrayList<>();
        List<UserRoom> missing = new ArrayList<>();
        for (UserRoom room : mine.values()) {
            if (isOfInterest(shard, number, position, room, request, baseline)
                    && !substitutes.unreadable().contains(room.room())) {
                CachedRoom excerpt =
                        isToldStripped(room) ? substitutes.excerpts().get(room.room()) : null;
                Optional<CachedRoom> here = excerpt == null ? shard.room(room.room()) : Optional.of(excerpt);
                here.ifPresentOrElse(cached -> cuts.add(new RoomCut(room, cached, false)), () -> missing.add(room));
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
