package io.myelin.engine.simulation;

import io.myelin.engine.Numbered;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.KeptAnswers;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.TransactionKey;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The look-ups and commits of a process of the toy service; its loop is blocked meanwhile. */
final class Commits {

    private final Server server;
    private final ServerEffects effects;
    private final World world;
    private final Timeline time;

    Commits(Server server, ServerEffects effects, World world) {
        this.server = server;
        this.effects = effects;
        this.world = world;
        time = world.time;
    }

    void find(Collection<UUID> commands, Collection<TransactionKey> transactions) {
        server.wanted.add(() -> server.block(
                () -> world.store.down || time.chance(world.weather.readFails)
                        ? Optional.<KeptAnswers>empty()
                        : Optional.of(world.store.find(commands, transactions)),
                found -> found.ifPresentOrElse(server.runtime::found, () -> server.runtime.findFailed(time.now()))));
    }

    void commit(Batch<ToyFact> batch) {
        server.wanted.add(() -> {
            if (time.chance(world.weather.pauseAtCommit)) {
                server.pause(time.between(100, 5_000));
            }
            if (time.chance(world.weather.crashAtCommit)) {
                time.after(time.between(0, 4), server::crash);
            }
            hurry(batch);
            long decided = server.decidedAt();
            server.block(() -> commitAtTheStore(batch, decided), outcome -> {
                time.trace("server %d commit %s: %s", server.number(), describe(batch), outcome);
                effects.committing = true;
                server.runtime.committed(outcome, time.now());
                effects.committing = false;
            });
        });
    }

    /** Whether the batch is more than the database can do in the time that a transaction has. */
    private boolean isTooLarge(Batch<ToyFact> batch) {
        return batch.shards().stream().mapToInt(part -> part.done().size()).sum() > world.mostInTime;
    }

    private @Nullable CommitOutcome weatherAtCommit(Batch<ToyFact> batch, long decided) {
        if (isTooLarge(batch)) {
            CommitOutcome.Reason reason = world.broken == Break.TIMEOUT_SAID_TO_PASS
                    ? CommitOutcome.Reason.PASSING
                    : CommitOutcome.Reason.TOO_MUCH;
            return new CommitOutcome.Refused(reason, "transaction timeout");
        }
        if (world.store.down) {
            return time.chance(0.5)
                    ? new CommitOutcome.Refused(CommitOutcome.Reason.PASSING, "down")
                    : new CommitOutcome.Unknown();
        }
        if (time.chance(world.weather.commitPasses)) {
            String[] passing = {"serialization", "too many connections", "connection failure", "lock not available"};
            return new CommitOutcome.Refused(CommitOutcome.Reason.PASSING, passing[time.below(passing.length)]);
        }
        if (time.chance(world.weather.commitUnknown)) {
            switch (time.below(3)) {
                case 0 -> decide(batch, decided);
                case 1 -> {
                    long incarnation = world.store.incarnation();
                    time.after(time.between(5, 1_500), () -> {
                        if (incarnation == world.store.incarnation()) {
                            decide(batch, decided);
                        }
                    });
                }
                default -> {}
            }
            return new CommitOutcome.Unknown();
        }
        return null;
    }

    private CommitOutcome commitAtTheStore(Batch<ToyFact> batch, long decided) {
        CommitOutcome mishap = weatherAtCommit(batch, decided);
        return mishap == null ? decide(batch, decided) : mishap;
    }

    private CommitOutcome decide(Batch<ToyFact> batch, long decided) {
        CommitOutcome outcome = world.store.commit(batch, decided);
        if (outcome instanceof CommitOutcome.Committed) {
            batch.shards().forEach(part -> server.arrivals(part.shard()).decided(part));
        }
        return outcome;
    }

    private static String describe(Batch<ToyFact> batch) {
        StringBuilder text = new StringBuilder();
        for (Batch.OfShard<ToyFact> part : batch.shards()) {
            text.append(part.shard())
                    .append('@')
                    .append(part.epoch())
                    .append(" to ")
                    .append(part.seq());
            text.append(" next ").append(part.position().nextOffset()).append(" [");
            part.done().forEach(done -> text.append(World.brief(done.id())).append(' '));
            text.append("] ");
        }
        return text.toString();
    }

    private void hurry(Batch<ToyFact> batch) {
        for (Batch.OfShard<ToyFact> part : batch.shards()) {
            for (Batch.Done<ToyFact> done : part.done()) {
                if (world.broken == Break.REPLY_BEFORE_COMMIT && done.id() != null) {
                    world.reply(server, new ReplyTo.Partition(World.WRITERS), done.id(), done.answer());
                }
                if (world.broken == Break.ORDERS_BEFORE_COMMIT) {
                    done.orders().forEach(effects::send);
                }
                if (world.broken == Break.PUBLISH_BEFORE_COMMIT && !done.facts().isEmpty()) {
                    ToyFact first = done.facts().getFirst();
                    effects.publisher.publish(
                            part.shard(),
                            world.store.incarnation(),
                            List.of(new Numbered<>(done.firstSeq(), first)),
                            () -> {},
                            () -> {});
                }
            }
        }
    }
}
