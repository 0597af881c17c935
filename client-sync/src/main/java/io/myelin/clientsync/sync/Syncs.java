package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.DeviceLists;
import io.myelin.clientsync.cache.ErasedUsers;
import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.MemoryBudget;
import io.myelin.clientsync.cache.ReceiptCache;
import io.myelin.clientsync.cache.SharedRooms;
import io.myelin.clientsync.cache.TailWaits;
import io.myelin.clientsync.cache.UserCache;
import io.myelin.clientsync.ephemeral.PresenceCache;
import io.myelin.clientsync.ephemeral.TypingCache;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.account.ToDeviceInboxes;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateMap;
import java.time.Clock;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers {@code /sync} from the caches, once the read barrier is passed. Blocks, but does not wait for news. */
public final class Syncs {
    /**
     * After this time the shards are asked one by one, for as long again. It is long enough for a busy machine: an
     * answer that leaves out a shard that is merely slow does not show what its client has just written.
     */
    private static final int BARRIER_MILLIS = 1_000;

    private final GlobalCache rooms;
    private final UserCache users;
    private final ReceiptCache receipts;
    private final Cuts cuts;
    private final ErasedUsers erased;
    private final SyncLogs logs;
    private final SentMembersByDevice sentMembers;
    private final IntSupplier timelineLimit;
    private final Clock clock;
    private final Executor executor;

    /** @param executor its tasks block */
    public Syncs(
            GlobalCache rooms,
            UserCache users,
            ReceiptCache receipts,
            TypingCache typing,
            PresenceCache presence,
            DeviceLists deviceLists,
            ErasedUsers erased,
            ToDeviceInboxes inboxes,
            SyncLogs logs,
            IntSupplier timelineLimit,
            MemoryBudget budget,
            Clock clock,
            Executor executor) {
        this.sentMembers = new SentMembersByDevice(budget);
        this.rooms = rooms;
        this.users = users;
        this.receipts = receipts;
        this.cuts = new Cuts(
                rooms,
                users,
                new EphemeralCuts(rooms, receipts, typing),
                new PresenceCuts(rooms, new SharedRooms(rooms), presence, clock),
                new ToDeviceCuts(inboxes, new DeliveredMessages(inboxes, executor)),
                new DeviceListCuts(rooms, users, new SharedRooms(rooms), deviceLists),
                budget);
        this.erased = erased;
        this.logs = logs;
        this.timelineLimit = timelineLimit;
        this.clock = clock;
        this.executor = executor;
    }

    /**
     * An answer that shows everything committed when the request came. A client that has a token does not wait for a
     * shard that cannot be asked: it is told nothing of that shard yet.
     *
     * @param later called when such a shard can be told of
     */
    public SyncAnswer fresh(SyncRequest request, Runnable later) {
        CompletableFuture<Void> account = logs.accounts().barrier(users.accountShardNumber(request.user()));
        ReadBarrier roomBarrier = ReadBarrier.ask(logs.rooms(), rooms.shards().size());
        ReadBarrier receiptBarrier =
                ReadBarrier.ask(logs.receipts(), receipts.shards().size());
        if (request.since() == null) {
            TailWaits.get(roomBarrier.all());
            TailWaits.get(receiptBarrier.all());
            TailWaits.get(account);
            return answer(request, LaggingShards.nothing());
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(roomBarrier.all(), receiptBarrier.all(), account);
        if (TailWaits.within(all, BARRIER_MILLIS) && !all.isCompletedExceptionally()) {
            return answer(request, LaggingShards.nothing());
        }
        var eachRoomShard = roomBarrier.each(executor);
        var eachReceiptShard = receiptBarrier.each(executor);
        CompletableFuture<Void> each =
                CompletableFuture.allOf(Stream.of(eachRoomShard, eachReceiptShard, List.of(account))
                        .flatMap(List::stream)
                        .toArray(CompletableFuture[]::new));
        if (!TailWaits.within(each, BARRIER_MILLIS)) {
            each.whenComplete((_, _) -> later.run());
        }
        return answer(
                request,
                new LaggingShards(
                        ReadBarrier.behind(eachRoomShard),
                        ReadBarrier.behind(eachReceiptShard),
                        !account.isDone() || account.isCompletedExceptionally()));
    }

    /** An answer from the caches as they are. */
    public SyncAnswer again(SyncRequest request) {
        return answer(request, notYetAt(request.since(), request.user()));
    }

    /** The shards whose tail has not reached the client's token, because another reader gave the client that token. */
    private LaggingShards notYetAt(@Nullable SyncToken since, UserId user) {
        if (since == null) {
            return LaggingShards.nothing();
        }
        BitSet roomsBehind = new BitSet();
        BitSet receiptsBehind = new BitSet();
        for (int shard = 0; shard < rooms.shards().size(); shard++) {
            roomsBehind.set(shard, isBefore(rooms.shards().get(shard).position(), since.room(shard)));
            receiptsBehind.set(
                    shard,
                    isBefore(
                            receipts.shards().get(shard).position(),
                            since.receipts().get(shard)));
        }
        return new LaggingShards(
                roomsBehind, receiptsBehind, isBefore(users.accountShard(user).position(), since.account()));
    }

    private static boolean isBefore(Committed here, Committed there) {
        return here.incarnation() == there.incarnation() && here.seq() < there.seq();
    }

    private SyncAnswer answer(SyncRequest request, LaggingShards behind) {
        Baseline baseline = new Baseline(request.since());
        UserCut cut = cuts.take(request, baseline, behind);
        StateMap<Long> sent = sentMembers.sentAt(request);
        SyncAnswer answer = new SyncBuilder(
                        request, baseline, cut, rooms.loader(), erased, timelineLimit.getAsInt(), clock.millis())
                .build(sent);
        // Also without news: the client goes on with the token of an answer that tells it nothing.
        sentMembers.answered(request, sent, answer);
        return answer;
    }
}
