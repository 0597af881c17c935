package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.LogReader;
import io.myelin.clientsync.cache.UserCache;
import io.myelin.clientsync.cache.Waits;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateMap;
import java.time.Clock;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Answers {@code /sync}, from the caches as they are once the read barrier is passed. Blocks; waiting for news is not its business. */
public final class Syncs {
    private static final int BARRIER_MILLIS = 200;

    private final GlobalCache rooms;
    private final UserCache users;
    private final Cuts cuts;
    private final LogReader roomLog;
    private final LogReader accountLog;
    private final Conns conns = new Conns();
    private final int timelineLimit;
    private final Clock clock;

    public Syncs(
            GlobalCache rooms,
            UserCache users,
            LogReader roomLog,
            LogReader accountLog,
            int timelineLimit,
            Clock clock) {
        this.rooms = rooms;
        this.users = users;
        this.cuts = new Cuts(rooms, users);
        this.roomLog = roomLog;
        this.accountLog = accountLog;
        this.timelineLimit = timelineLimit;
        this.clock = clock;
    }

    /**
     * An answer that shows everything committed when the request came. A client that has a token is not kept waiting
     * for a shard that cannot be asked: it is told nothing of that one yet.
     *
     * @param later called when such a shard can be told of
     */
    public SyncAnswer fresh(SyncRequest request, Runnable later) {
        CompletableFuture<Void> account = accountLog.barrier(users.accountShardNumber(request.user()));
        ReadBarrier barrier = ReadBarrier.ask(roomLog, rooms.shards().size());
        if (request.since() == null) {
            Waits.get(barrier.all());
            Waits.get(account);
            return answer(request, Behind.nothing());
        }
        CompletableFuture<Void> passed = CompletableFuture.allOf(barrier.all(), account);
        if (!Waits.within(passed, BARRIER_MILLIS)) {
            passed.whenComplete((_, _) -> later.run());
        }
        return answer(request, new Behind(barrier.behind(), !account.isDone() || account.isCompletedExceptionally()));
    }

    /** An answer from the caches as they are. */
    public SyncAnswer again(SyncRequest request) {
        return answer(request, notYetAt(request.since(), request.user()));
    }

    /** The shards whose tail has not come to where the client is: a moment ago it was read elsewhere. */
    private Behind notYetAt(@Nullable SyncToken since, UserId user) {
        if (since == null) {
            return Behind.nothing();
        }
        BitSet behind = new BitSet();
        for (int shard = 0; shard < rooms.shards().size(); shard++) {
            behind.set(shard, isBefore(rooms.shards().get(shard).position(), since.room(shard)));
        }
        return new Behind(behind, isBefore(users.accountShard(user).position(), since.account()));
    }

    private static boolean isBefore(Committed here, Committed there) {
        return here.incarnation() == there.incarnation() && here.seq() < there.seq();
    }

    private SyncAnswer answer(SyncRequest request, Behind behind) {
        Baseline baseline = new Baseline(request.since());
        UserCut cut = cuts.take(request, baseline, behind);
        StateMap<Long> sent = conns.sentAt(request);
        SyncAnswer answer =
                new SyncBuilder(request, baseline, cut, rooms.loader(), timelineLimit, clock.millis()).build(sent);
        // Also without news: the client goes on with the token of an answer that tells it nothing.
        conns.answered(request, sent, answer);
        return answer;
    }
}
