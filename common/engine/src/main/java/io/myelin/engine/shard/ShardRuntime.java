package io.myelin.engine.shard;

import io.myelin.engine.Committed;
import io.myelin.engine.ReplayPage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one service in one process: it owns shards, each in an epoch, and carries commands to decisions,
 * decisions to commits, and what was committed to readers, writers and other shards.
 *
 * <p>Inputs are its methods, called by one thread; effects go out through {@link Effects}. Between {@link #step} having
 * asked for a look-up or a commit and its outcome, no other input may come. Promises: a command is applied at most
 * once, and in the order of arrival among those that share a key; no reply, no publication and no order leaves before
 * the commit of the state it rests on; a process that lost its epoch commits nothing.
 *
 * @param <S> an entity's state
 * @param <C> a command
 * @param <F> a fact
 */
public final class ShardRuntime<S, C, F> {

    private final int shardCount;
    private final Decider<S, C, F> decider;
    private final Effects<F> effects;
    private final ShardLimits limits;
    private final TreeMap<Integer, OwnedShard<S, C, F>> owned = new TreeMap<>();
    private final Transactions<S, C, F> transactions;
    private final Looks looks;

    /** Shards whose release is under way, and the epochs in which they were ours. */
    private final Map<Integer, Long> releasing = new HashMap<>();

    private @Nullable Balance balance;
    private boolean leaving;

    public ShardRuntime(
            int shardCount, Decider<S, C, F> decider, Effects<F> effects, Supplier<UUID> ids, ShardLimits limits) {
        this.shardCount = shardCount;
        this.decider = decider;
        this.effects = effects;
        this.limits = limits;
        looks = new Looks(limits.claimMillis());
        transactions = new Transactions<>(owned, decider, effects, ids, limits);
    }

    // --- ownership

    /**
     * Another instance came, left or released something: worth a look.
     */
    public void moved(long now) {
        looks.soon();
        look(now);
    }

    private void look(long now) {
        if (!leaving && looks.begin(now)) {
            Set<Integer> wanted = new HashSet<>();
            for (int number = 0; number < shardCount; number++) {
                if (!owned.containsKey(number) && !releasing.containsKey(number)) {
                    wanted.add(number);
                }
            }
            effects.look(looks.life(), wanted);
        }
    }

    /** The outcome of a look: what was claimed is ours, and who has too much gives one shard up. */
    public void looked(int life, Look look, long now) {
        boolean moving = look.balance().unowned() > 0
                || owned.size() + look.claimed().size() != look.balance().share();
        if (!looks.ended(life, now, moving)) {
            return;
        }
        look.claimed().forEach(row -> claimed(row, now));
        balance = look.balance();
        giveUpWhatIsTooMuch(look.balance(), now);
        look(now);
    }

    /** The rows could not be looked at. */
    public void lookFailed(int life, long now) {
        looks.ended(life, now, false);
    }

    private void claimed(ShardRow row, long now) {
        drop(row.shard());
        OwnedShard<S, C, F> shard = new OwnedShard<>(row, effects, limits, now);
        owned.put(row.shard(), shard);
        if (leaving) {
            shard.draining = true;
            return;
        }
        shard.outbox.tick(shard.number, shard.epoch, 0);
        effects.seek(shard.number, shard.epoch, row.position());
    }

    /**
     * One shard at a time, the one that least waits for. As long as nobody exceeds the ceiling, what was claimed just
     * now is kept for a while: others may be about to move too.
     */
    private void giveUpWhatIsTooMuch(Balance seen, long now) {
        if (leaving || owned.size() <= seen.share() || !releasing.isEmpty() || isGivingUp()) {
            return;
        }
        long settledBefore = owned.size() > seen.ceiling() ? now : now - 2 * limits.claimMillis();
        owned.values().stream()
                .filter(shard -> shard.claimedAt <= settledBefore)
                .min(Comparator.comparingInt(shard -> shard.pending.size()))
                .ifPresent(this::giveUp);
    }

    private boolean isGivingUp() {
        return owned.values().stream().anyMatch(shard -> shard.draining);
    }

    /** Nothing more is decided for it; once what is committed is published, it is released. */
    private void giveUp(OwnedShard<S, C, F> shard) {
        if (!shard.draining) {
            shard.draining = true;
            effects.pause(shard.number, true);
            turnDoorsAway(shard);
        }
        releaseIfDrained(shard);
    }

    private void releaseIfDrained(OwnedShard<S, C, F> shard) {
        if (shard.draining && shard.publishing.complete()) {
            owned.remove(shard.number);
            releasing.put(shard.number, shard.epoch);
            effects.release(shard.number, shard.epoch, shard.publishing.acknowledged());
        }
    }

    /** A release is over. If it failed, the row still says that the shard is ours, and the next look claims it. */
    public void released(int number, long epoch, long now) {
        if (releasing.remove(number, epoch)) {
            looks.soon();
            look(now);
        }
    }

    /**
     * The lease was lost: every shard may have another owner by now. Only after this may the process take a lease under
     * a new id, which would else vouch for what {@link #committed(int)} says of shards that were lost with the old one.
     */
    public void lostEverything() {
        List.copyOf(owned.keySet()).forEach(this::drop);
        releasing.clear();
        balance = null;
        looks.beginAnew();
    }

    /** A planned stop: nothing more is decided; what is committed is still published, then the shards are released. */
    public void leave() {
        leaving = true;
        List.copyOf(owned.values()).forEach(this::giveUp);
    }

    /** Whether everything was released after {@link #leave}. */
    public boolean hasLeft() {
        return leaving && owned.isEmpty() && releasing.isEmpty() && !looks.underWay();
    }

    /** Whether every shard had a living owner when this instance last looked. */
    public boolean allOwned() {
        Balance seen = balance;
        return seen != null && seen.unowned() == 0;
    }

    /** What is committed in a shard, if it is ours; whether the lease still holds is for the caller to know. */
    public Optional<Committed> committed(int shard) {
        return Optional.ofNullable(owned.get(shard)).map(each -> new Committed(each.incarnation, each.seq));
    }

    public Set<Integer> owned() {
        return Set.copyOf(owned.keySet());
    }

    private void drop(int number) {
        OwnedShard<S, C, F> shard = owned.remove(number);
        if (shard != null) {
            turnDoorsAway(shard);
        }
    }

    private void turnDoorsAway(OwnedShard<S, C, F> shard) {
        for (Work<C> work : shard.atTheDoor()) {
            shard.remove(work);
            turnAway(work.request);
        }
    }

    private void turnAway(Request<C> request) {
        if (request.replyTo() instanceof ReplyTo.Door door) {
            effects.turnAway(door);
        }
    }

    // --- commands

    /** The consumer stands where its shard wants to go on. */
    public void sought(int number, long epoch, SeekResult result) {
        OwnedShard<S, C, F> shard = current(number, epoch);
        if (shard != null) {
            shard.forgetInput();
            shard.sought(result);
        }
    }

    /** The consumer learned that the topic is another one, or lacks the position: seek again. */
    public void positionLost(int number) {
        OwnedShard<S, C, F> shard = owned.get(number);
        if (shard != null) {
            LogPosition position = shard.window.position();
            shard.forgetInput();
            shard.window.reposition(position);
            shard.positioned = false;
            shard.paused = false;
            effects.seek(number, shard.epoch, position);
        }
    }

    /** Records of a shard's input, in the order of their offsets. */
    public void polled(int number, List<InputRecord<C>> records, long now) {
        OwnedShard<S, C, F> shard = owned.get(number);
        if (shard == null || !shard.positioned || shard.draining) {
            return;
        }
        for (InputRecord<C> record : records) {
            Request<C> request = record.request();
            Work<C> work = arrived(request, record.offset());
            if (shard.window.read(record.offset(), record.leaderEpoch(), work, now)) {
                shard.add(work);
            }
        }
        shard.pauseIfFull(now);
    }

    /** A command that comes by the other door: without an offset, with a caller who waits. */
    public void asked(int number, Request<C> request) {
        OwnedShard<S, C, F> shard = owned.get(number);
        if (shard == null || shard.draining || shard.isRecovering() || shard.doors >= limits.doors()) {
            turnAway(request);
        } else {
            shard.add(arrived(request, Work.AT_THE_DOOR));
        }
    }

    private Work<C> arrived(Request<C> request, long offset) {
        try {
            return new Work<>(request, decider.keys(request.command()), offset);
        } catch (RuntimeException bug) {
            effects.warn("The command " + request.id() + " has no keys: " + bug);
            Work<C> work = new Work<>(request, List.of(), offset);
            work.hopeless = "The server does not understand this";
            return work;
        }
    }

    public void loaded(int number, long epoch, String key, S state) {
        OwnedShard<S, C, F> shard = current(number, epoch);
        if (shard != null) {
            shard.lanes.loaded(key, state);
        }
    }

    public void loadFailed(int number, long epoch, String key, long now) {
        OwnedShard<S, C, F> shard = current(number, epoch);
        if (shard != null) {
            shard.lanes.loadFailed(key, now);
        }
    }

    // --- publishing and orders

    public void acknowledged(int number, long epoch, long seq) {
        OwnedShard<S, C, F> shard = current(number, epoch);
        if (shard != null) {
            shard.publishing.acknowledged(seq);
            releaseIfDrained(shard);
        }
    }

    public void publishFailed(int number, long epoch, long now) {
        OwnedShard<S, C, F> shard = current(number, epoch);
        if (shard != null) {
            shard.publishing.failed(now);
        }
    }

    public void logRead(int number, long epoch, ReplayPage<F> page) {
        OwnedShard<S, C, F> shard = current(number, epoch);
        if (shard != null) {
            shard.publishing.read(page, shard.seq);
        }
    }

    public void logReadFailed(int number, long epoch, long now) {
        OwnedShard<S, C, F> shard = current(number, epoch);
        if (shard != null) {
            shard.publishing.readFailed(now);
        }
    }

    public void outboxRead(int number, long epoch, List<StoredOrder> orders, long now) {
        OwnedShard<S, C, F> shard = current(number, epoch);
        if (shard != null) {
            shard.outbox.found(orders, now);
        }
    }

    public void outboxReadFailed(int number, long epoch, long now) {
        OwnedShard<S, C, F> shard = current(number, epoch);
        if (shard != null) {
            shard.outbox.readFailed(now + limits.retryMillis());
        }
    }

    /** The target of an order has answered. */
    public void settled(UUID order, long now) {
        for (OwnedShard<S, C, F> shard : owned.values()) {
            if (shard.outbox.settle(order, now)) {
                return;
            }
        }
    }

    // --- time

    /** Time has passed: looks, retries, repetitions. To be called at least every {@link ShardLimits#retryMillis}. */
    public void tick(long now) {
        look(now);
        for (OwnedShard<S, C, F> shard : List.copyOf(owned.values())) {
            shard.publishing.tick(now);
            if (shard.draining) {
                releaseIfDrained(shard);
            } else {
                shard.lanes.tick(now);
                shard.outbox.tick(shard.number, shard.epoch, now);
                shard.pauseIfFull(now);
            }
        }
    }

    // --- deciding

    /**
     * Goes on deciding, if there is something to decide.
     *
     * @return whether a look-up or a commit was asked for, whose outcome is the next input
     */
    public boolean step(long now) {
        return transactions.step(now);
    }

    /** The look-up's outcome. */
    public void found(Found found) {
        transactions.found(found);
    }

    /** The look-up failed; it will be tried again. */
    public void findFailed(long now) {
        transactions.findFailed(now);
    }

    /** The transaction's outcome. */
    public void committed(CommitOutcome outcome, long now) {
        Set<Integer> lost = transactions.ended(outcome, now);
        lost.forEach(this::drop);
        if (outcome instanceof CommitOutcome.Unknown) {
            // What was committed is known only to the database: ask it, in an epoch that ends the old connection's.
            looks.soon();
            look(now);
        }
    }

    private @Nullable OwnedShard<S, C, F> current(int number, long epoch) {
        OwnedShard<S, C, F> shard = owned.get(number);
        return shard != null && shard.epoch == epoch ? shard : null;
    }
}
