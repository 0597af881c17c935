package io.myelin.engine.shard;

import io.myelin.engine.Committed;
import io.myelin.engine.LogPosition;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.ownership.OwnedShards;
import io.myelin.engine.ownership.Ownership;
import io.myelin.engine.ownership.OwnershipEffects;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The engine of one service in one process: it owns shards, each in an epoch, and carries commands to decisions, decisions
 * to commits, and what was committed to readers, writers and other shards.
 *
 * <p>Inputs are its methods, called by one thread; effects go out through {@link Effects} and {@link OwnershipEffects}.
 * After {@link #step} has asked for a look-up or a commit, its outcome must be the next input. Promises: a command is
 * applied at most once, and in the order of arrival among those that share a key; no reply, no publication and no order
 * leaves before the commit of the state that it depends on; a process that lost its epoch commits nothing.
 *
 * @param <S> an entity's state
 * @param <C> a command
 * @param <F> a fact
 */
public final class ShardRuntime<S, C, F> {

    private final Decider<S, C, F> decider;
    private final Effects<F> effects;
    private final ShardLimits limits;
    private final OwnedShards<CommandShard<S, C, F>> ownership;
    private final Transactions<S, C, F> transactions;

    public ShardRuntime(
            int shardCount,
            Decider<S, C, F> decider,
            OwnershipEffects claiming,
            Effects<F> effects,
            Supplier<UUID> ids,
            ShardLimits limits) {
        this.decider = decider;
        this.effects = effects;
        this.limits = limits;
        EntityMemory<S> memory = new EntityMemory<>(decider::weight, limits.memory());
        ownership = new OwnedShards<>(
                shardCount,
                limits.claimMillis(),
                claiming,
                (row, now) -> new CommandShard<>(row, effects, limits, memory, now));
        transactions = new Transactions<>(ownership.shards(), decider, effects, ids, limits);
    }

    // --- ownership

    public Ownership ownership() {
        return ownership;
    }

    /** The last commit of a shard, if this process owns it. The caller checks that the lease still holds. */
    public Optional<Committed> committed(int shard) {
        return Optional.ofNullable(ownership.get(shard)).map(each -> new Committed(each.incarnation(), each.seq));
    }

    // --- commands

    /** The consumer has been positioned where the shard wants to continue. */
    public void sought(int number, long epoch, SeekResult result) {
        CommandShard<S, C, F> shard = ownership.get(number, epoch);
        if (shard != null) {
            shard.forgetInput();
            shard.sought(result);
        }
    }

    /** The consumer learned that the topic is another one, or lacks the position: seek again. */
    public void positionLost(int number) {
        CommandShard<S, C, F> shard = ownership.get(number);
        if (shard != null) {
            LogPosition position = shard.window.position();
            shard.forgetInput();
            shard.window.reposition(position);
            shard.positioned = false;
            shard.paused = false;
            effects.seek(number, shard.epoch(), position);
        }
    }

    /** Records of a shard's input, in the order of their offsets. */
    public void polled(int number, List<InputRecord<C>> records, long now) {
        CommandShard<S, C, F> shard = ownership.get(number);
        if (shard == null || !shard.positioned || shard.isDraining()) {
            return;
        }
        for (InputRecord<C> record : records) {
            Request<C> request = record.request();
            if (request == null) {
                shard.window.skip(record.offset(), record.leaderEpoch());
                continue;
            }
            Work<C> work = arrived(request, record.offset());
            if (shard.window.read(record.offset(), record.leaderEpoch(), work, record.bytes(), now)) {
                shard.add(work);
            }
        }
        shard.pauseIfFull(now);
    }

    /** A command that comes by the door: it has no offset, and its caller waits. */
    public void asked(int number, Request<C> request) {
        CommandShard<S, C, F> shard = ownership.get(number);
        if (shard == null
                || shard.isDraining()
                || shard.isRecovering()
                || shard.localCallers >= limits.localCallers()) {
            if (request.replyTo() instanceof ReplyTo.LocalCaller localCaller) {
                effects.turnAway(localCaller);
            }
        } else {
            shard.add(arrived(request, Work.AT_THE_DOOR));
        }
    }

    private Work<C> arrived(Request<C> request, long offset) {
        C command = request.command();
        if (command == null) {
            return Work.hopeless(request, offset, "This server cannot read that command yet");
        }
        try {
            Work<C> work = new Work<>(request, decider.keys(command), offset);
            work.heavy = decider.isHeavy(command);
            return work;
        } catch (RuntimeException bug) {
            effects.warn("The command " + request.id() + " has no keys: " + bug);
            return Work.hopeless(request, offset, "The server does not understand this");
        }
    }

    public void loaded(int number, long epoch, String key, S state, long now) {
        CommandShard<S, C, F> shard = ownership.get(number, epoch);
        if (shard != null) {
            shard.loaded(key, state, now);
        }
    }

    /** @param lasting whether there is no reason to believe that the next try succeeds */
    public void loadFailed(int number, long epoch, String key, boolean lasting, long now) {
        CommandShard<S, C, F> shard = ownership.get(number, epoch);
        if (shard != null) {
            shard.lanes.loadFailed(key, lasting, now);
        }
    }

    /** A heavy command was prepared, or could not be. */
    public void prepared(int number, long epoch, Preparation<?, ?> preparation) {
        CommandShard<S, C, F> shard = ownership.get(number, epoch);
        if (shard != null) {
            shard.prepared(preparation);
        }
    }

    // --- publishing and orders

    public void acknowledged(int number, long epoch, long seq, long now) {
        CommandShard<S, C, F> shard = ownership.get(number, epoch);
        if (shard != null) {
            shard.publishing.acknowledged(seq);
            ownership.releaseIfDrained(shard, now);
        }
    }

    public void publishFailed(int number, long epoch, long now) {
        CommandShard<S, C, F> shard = ownership.get(number, epoch);
        if (shard != null) {
            shard.publishing.failed(now);
        }
    }

    public void logRead(int number, long epoch, ReplayPage<F> page) {
        CommandShard<S, C, F> shard = ownership.get(number, epoch);
        if (shard != null) {
            shard.publishing.read(page, shard.seq);
        }
    }

    public void logReadFailed(int number, long epoch, long now) {
        CommandShard<S, C, F> shard = ownership.get(number, epoch);
        if (shard != null) {
            shard.publishing.readFailed(now);
        }
    }

    public void outboxRead(int number, long epoch, List<StoredOrder> orders, long now) {
        CommandShard<S, C, F> shard = ownership.get(number, epoch);
        if (shard != null) {
            shard.outbox.found(orders, now);
        }
    }

    public void outboxReadFailed(int number, long epoch, long now) {
        CommandShard<S, C, F> shard = ownership.get(number, epoch);
        if (shard != null) {
            shard.outbox.readFailed(now + limits.retryMillis());
        }
    }

    /** The target of an order has answered. */
    public void settled(UUID order, long now) {
        for (CommandShard<S, C, F> shard : ownership.shards().values()) {
            if (shard.outbox.settle(order, now)) {
                return;
            }
        }
    }

    // --- time

    /** Time has passed: looks, retries, repetitions. To be called at least every {@link ShardLimits#retryMillis}. */
    public void tick(long now) {
        ownership.look(now);
        for (CommandShard<S, C, F> shard : ownership.all()) {
            shard.publishing.tick(now);
            if (shard.isDraining()) {
                ownership.releaseIfDrained(shard, now);
            } else {
                shard.lanes.tick(now);
                shard.dropExpired(now);
                shard.outbox.tick(shard.number(), shard.epoch(), now);
                shard.pauseIfFull(now);
            }
        }
    }

    /** How many entities of the owned shards cannot be loaded; commands that need one are refused. */
    public int quarantined() {
        int count = 0;
        for (CommandShard<S, C, F> shard : ownership.all()) {
            count += shard.lanes.unloadable();
        }
        return count;
    }

    /** How many commands were given up since owners died of them. */
    public long givenUp() {
        return transactions.givenUp();
    }

    // --- deciding

    /** Decides commands, if any are ready. The outcome of the step is the next input. */
    public Step<F> step(long now) {
        return transactions.step(now);
    }

    /** The look-up's outcome. */
    public void found(KeptAnswers found) {
        transactions.found(found);
    }

    /** The look-up failed; it will be tried again. */
    public void findFailed(long now) {
        transactions.findFailed(now);
    }

    /** The transaction's outcome. */
    public void committed(CommitOutcome outcome, long now) {
        Set<Integer> lost = transactions.ended(outcome, now);
        lost.forEach(ownership::lost);
        boolean stillOurs = outcome instanceof CommitOutcome.Committed && !lost.isEmpty();
        if (stillOurs || outcome instanceof CommitOutcome.Unknown) {
            // Only the database knows what was committed. A new claim reads it, and its epoch fences the old
            // connection.
            ownership.lookForShards(now);
        }
    }

    /**
     * After an unexpected failure, memory may differ from what is committed: every shard is claimed anew and loaded again.
     */
    public void beginAnew(long now) {
        transactions.beginAnew(now);
        ownership.all().forEach(shard -> ownership.lost(shard.number()));
        ownership.lookForShards(now);
    }
}
