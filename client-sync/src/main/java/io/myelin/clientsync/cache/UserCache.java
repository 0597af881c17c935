package io.myelin.clientsync.cache;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.AccountQueries.AccountData;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.contracts.room.RoomQueries.UserRooms;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The cached users: their memberships, which are kept in the room shards, and their account data. */
public final class UserCache {
    private static final long USER = 2_000;

    /** Users grow slowly: only one use in so many weighs its user again. */
    private static final int WEIGHED_EVERY = 32;

    private final List<RoomShard> shards;
    private final List<AccountShard> accountShards;
    private final RoomQueries rooms;
    private final AccountQueries accounts;
    private final LogReader roomLog;
    private final LogReader accountLog;
    private final UserWakeups news;
    private final LoadQueue<UserId> loads = new LoadQueue<>();
    private final MemoryBudget budget;
    private final AtomicLong uses = new AtomicLong();

    private record Key(UserId user) {}

    public UserCache(
            GlobalCache global,
            RoomQueries rooms,
            AccountQueries accounts,
            LogReader roomLog,
            LogReader accountLog,
            UserWakeups news,
            MemoryBudget budget) {
        this.shards = global.shards();
        List<AccountShard> made = new ArrayList<>();
        for (int shard = 0; shard < shards.size(); shard++) {
            made.add(new AccountShard(news));
        }
        this.accountShards = List.copyOf(made);
        this.rooms = rooms;
        this.accounts = accounts;
        this.roomLog = roomLog;
        this.accountLog = accountLog;
        this.news = news;
        this.budget = budget;
    }

    /** A dropped user's parked requests must look again, since no shard wakes them any more. */
    private void drop(UserId user) {
        shards.forEach(shard -> shard.forgetUser(user));
        accountShard(user).forget(user);
        news.of(user);
    }

    private void hold(UserId user) {
        long rooms = 0;
        for (RoomShard shard : shards) {
            rooms += shard.memberships(user).map(here -> here.rooms().size()).orElse(0);
        }
        long items = accountShard(user)
                .cut(user)
                .map(cut -> cut.items().weight() + cut.inboxes().weight())
                .orElse(0L);
        budget.hold(new Key(user), USER + rooms * Weights.MEMBERSHIP + items, () -> drop(user));
    }

    public int accountShardNumber(UserId user) {
        return Partitions.of(user.value(), accountShards.size());
    }

    public AccountShard accountShard(UserId user) {
        return accountShards.get(accountShardNumber(user));
    }

    List<AccountShard> accountShards() {
        return accountShards;
    }

    /** Makes sure that the user is cached in all shards, as of positions that the tails have reached. */
    public void ensure(UserId user) {
        if (isMissingSomewhere(user)) {
            loads.once(user, this::load);
        }
        boolean weighsAgain = uses.incrementAndGet() % WEIGHED_EVERY == 0;
        if (weighsAgain || !budget.touch(new Key(user))) {
            hold(user);
        }
    }

    private boolean isMissingSomewhere(UserId user) {
        return accountShard(user).cut(user).isEmpty()
                || shards.stream().anyMatch(shard -> shard.memberships(user).isEmpty());
    }

    private boolean load(UserId user) {
        List<Integer> missing = new ArrayList<>();
        for (int shard = 0; shard < shards.size(); shard++) {
            if (shards.get(shard).memberships(user).isEmpty()) {
                shards.get(shard).forgetUser(user);
                shards.get(shard).expectUser(user);
                missing.add(shard);
            }
        }
        if (!missing.isEmpty()) {
            loadRooms(user, missing);
        }
        if (accountShard(user).cut(user).isEmpty()) {
            loadAccount(user);
        }
        return true;
    }

    private void loadRooms(UserId user, List<Integer> missing) {
        boolean done = false;
        try {
            UserRooms answer = loads.inTurn(() -> rooms.roomsOf(user));
            List<Map<RoomId, UserRoom>> byShard = new ArrayList<>();
            shards.forEach(_ -> byShard.add(new HashMap<>()));
            for (UserRoom room : answer.rooms()) {
                byShard.get(Partitions.of(room.room().value(), shards.size())).put(room.room(), room);
            }
            for (int shard : missing) {
                Map<RoomId, UserRoom> its = byShard.get(shard);
                Memberships memberships = its.isEmpty() ? Memberships.NONE : new Memberships(its);
                Committed asOf = new Committed(answer.incarnations()[shard], answer.asOf()[shard]);
                shards.get(shard).loadedUser(user, memberships, asOf);
            }
            for (int shard : missing) {
                TailWaits.get(roomLog.await(shard, answer.asOf()[shard]));
            }
            done = true;
        } finally {
            if (!done) {
                missing.forEach(shard -> shards.get(shard).forgetUser(user));
            }
        }
    }

    private void loadAccount(UserId user) {
        AccountShard shard = accountShard(user);
        shard.forget(user);
        shard.expect(user);
        boolean done = false;
        try {
            AccountData answer = loads.inTurn(() -> accounts.accountData(user));
            shard.loaded(
                    user,
                    AccountItems.of(user, answer.items(), answer.keyCounts()),
                    Inboxes.of(answer.inboxes()),
                    new Committed(answer.incarnation(), answer.asOf()));
            TailWaits.get(accountLog.await(accountShardNumber(user), answer.asOf()));
            done = true;
        } finally {
            if (!done) {
                shard.forget(user);
            }
        }
    }
}
