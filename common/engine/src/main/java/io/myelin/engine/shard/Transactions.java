package io.myelin.engine.shard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one transaction after another: chooses the commands that are ready, looks up kept answers where they may exist, has
 * the rest decided and committed, and applies the outcome.
 */
final class Transactions<S, C, F> {

    private final NavigableMap<Integer, CommandShard<S, C, F>> owned;
    private final Decider<S, C, F> decider;
    private final Effects<F> effects;
    private final Supplier<UUID> ids;
    private final ShardLimits limits;
    private long stepAt;
    private int firstInTurn;
    private long givenUp;

    /** How many commands still run one by one, to find the one that cannot be committed. */
    private int isolating;

    /** How many commands a transaction may have, since one with more took too long; doubles with each commit. */
    private int most = Integer.MAX_VALUE;

    /** Commands whose kept answers are being looked up. */
    private List<Work<C>> lookingUp = List.of();

    /** The transaction under way. */
    private @Nullable TransactionDraft<S, C, F> deciding;

    Transactions(
            NavigableMap<Integer, CommandShard<S, C, F>> owned,
            Decider<S, C, F> decider,
            Effects<F> effects,
            Supplier<UUID> ids,
            ShardLimits limits) {
        this.owned = owned;
        this.decider = decider;
        this.effects = effects;
        this.ids = ids;
        this.limits = limits;
    }

    /** Decides commands, if any are ready. The outcome of the step is the next input. */
    Step<F> step(long now) {
        if (deciding != null || !lookingUp.isEmpty()) {
            throw new IllegalStateException("The outcome of the last step is still to come");
        }
        if (now < stepAt) {
            return new Step.Nothing<>();
        }
        Map<CommandShard<S, C, F>, List<Work<C>>> ready = ready(now);
        lookingUp = unknown(ready, now);
        if (!lookingUp.isEmpty()) {
            return lookUp();
        }
        TransactionDraft<S, C, F> batch = new TransactionDraft<>(decider, ids, effects, now);
        decide(batch, ready);
        batch.goOnWhereNothingWasDecided();
        includeHousekeeping(batch, now);
        if (batch.isEmpty()) {
            return batch.hasDoubts() ? step(now) : new Step.Nothing<>();
        }
        deciding = batch;
        return new Step.Commit<>(batch.batch());
    }

    /** Decides commands until the transaction is full; the others have their turn in the next one. */
    private void decide(TransactionDraft<S, C, F> batch, Map<CommandShard<S, C, F>, List<Work<C>>> ready) {
        for (Map.Entry<CommandShard<S, C, F>, List<Work<C>>> each : ready.entrySet()) {
            CommandShard<S, C, F> shard = each.getKey();
            int before = batch.size();
            for (Work<C> work : each.getValue()) {
                if (batch.isFull(limits)) {
                    firstInTurn = shard.number() + (batch.size() > before ? 1 : 0);
                    return;
                }
                batch.decide(shard, work);
            }
        }
    }

    /** The commands that can be decided now: their entities are loaded, and no command before them in a lane waits. */
    private Map<CommandShard<S, C, F>, List<Work<C>>> ready(long now) {
        Map<CommandShard<S, C, F>, List<Work<C>>> ready = new LinkedHashMap<>();
        int room = isolating > 0 ? 1 : Math.min(limits.batch(), most);
        for (CommandShard<S, C, F> shard : inTurn()) {
            if (room == 0) {
                break;
            }
            List<Work<C>> works = shard.ready(room);
            if (works.isEmpty()) {
                continue;
            }
            if (shard.careful()) {
                giveUpTheFirst(shard, works.getFirst());
                return Map.of(shard, works);
            }
            ready.put(shard, works);
            room -= works.size();
            if (room == 0) {
                firstInTurn = shard.number() + 1;
            }
        }
        return ready;
    }

    /** The shards, beginning after the last one that filled a batch: a busy one does not keep the others waiting. */
    private Iterable<CommandShard<S, C, F>> inTurn() {
        if (firstInTurn == 0) {
            return owned.values();
        }
        List<CommandShard<S, C, F>> inTurn =
                new ArrayList<>(owned.tailMap(firstInTurn).values());
        inTurn.addAll(owned.headMap(firstInTurn).values());
        return inTurn;
    }

    /** How many commands were given up since owners died of them. */
    long givenUp() {
        return givenUp;
    }

    private void giveUpTheFirst(CommandShard<S, C, F> shard, Work<C> first) {
        if (shard.attempts >= limits.attempts() && !shard.hasGivenUp) {
            shard.hasGivenUp = true;
            first.blamedForDeaths = true;
            givenUp++;
            first.hopeless = "The server died " + shard.attempts + " times before it could decide this";
            effects.warn(
                    "Shard " + shard.number() + " gives up the command " + first.request.id() + ": " + first.hopeless);
        }
    }

    /** The commands whose answers may have been kept. */
    private List<Work<C>> unknown(Map<CommandShard<S, C, F>, List<Work<C>>> ready, long now) {
        List<Work<C>> unknown = new ArrayList<>();
        ready.forEach((shard, works) -> works.stream()
                .filter(work -> shard.mustLookUp(work, now))
                .forEach(work -> {
                    work.lookedUpAt = shard.commits;
                    unknown.add(work);
                }));
        return unknown;
    }

    private Step<F> lookUp() {
        Set<UUID> commands = new HashSet<>();
        Set<TransactionKey> transactions = new HashSet<>();
        for (Work<C> work : lookingUp) {
            commands.add(work.request.id());
            if (work.request.transaction() != null) {
                transactions.add(work.request.transaction());
            }
        }
        return new Step.LookUp<>(commands, transactions);
    }

    /** The look-up's outcome. */
    void found(KeptAnswers found) {
        for (Work<C> work : lookingUp) {
            work.answered = found.byCommand().get(work.request.id());
            TransactionKey transaction = work.request.transaction();
            work.repeated = transaction == null ? null : found.byTransaction().get(transaction);
        }
        lookingUp = List.of();
    }

    /** The look-up failed; it will be tried again. */
    void findFailed(long now) {
        lookingUp.forEach(work -> work.lookedUpAt = Work.NEVER);
        lookingUp = List.of();
        stepAt = now + limits.retryMillis();
    }

    /** Includes shards that have no command to decide, but something to store. */
    private void includeHousekeeping(TransactionDraft<S, C, F> batch, long now) {
        for (CommandShard<S, C, F> shard : owned.values()) {
            if (shard.isDraining()) {
                continue;
            }
            boolean survived = shard.careful() && shard.pastInherited() && shard.first() == null;
            if (survived || (!shard.isRecovering() && shard.outbox.settledBefore(now - limits.retryMillis()))) {
                batch.part(shard);
            }
        }
    }

    /** Takes the transaction's outcome; returns the shards that are lost with it. */
    Set<Integer> ended(CommitOutcome outcome, long now) {
        TransactionDraft<S, C, F> batch = deciding;
        if (batch == null) {
            throw new IllegalStateException("No transaction is under way");
        }
        deciding = null;
        return switch (outcome) {
            case CommitOutcome.Committed() -> {
                isolating = Math.max(0, isolating - Math.max(1, batch.size()));
                most = most > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : most * 2;
                Set<Integer> lost = new HashSet<>();
                batch.parts().forEach(part -> applyOrLose(batch, part, lost, now));
                yield lost;
            }
            case CommitOutcome.Fenced(Set<Integer> shards) -> shards;
            case CommitOutcome.Unknown() -> batch.shards();
            case CommitOutcome.Refused refused -> {
                refused(batch, refused, now);
                yield Set.of();
            }
        };
    }

    /** Applies a committed part. If that fails, its shard is claimed anew, and the others go on. */
    private void applyOrLose(
            TransactionDraft<S, C, F> batch, TransactionDraft<S, C, F>.Part part, Set<Integer> lost, long now) {
        try {
            apply(batch, part, now);
        } catch (RuntimeException bug) {
            lost.add(part.shard.number());
            effects.warn("Shard " + part.shard.number() + " begins anew, as it could not go on after a commit: " + bug);
            part.answers.forEach((work, answer) -> replyAnyway(work, answer));
        }
    }

    private void replyAnyway(Work<C> work, byte[] answer) {
        try {
            effects.reply(work.request.replyTo(), work.request.id(), answer);
        } catch (RuntimeException bug) {
            effects.warn("The answer to " + work.request.id() + " is lost: " + bug);
        }
    }

    /** After an unexpected failure, the transaction or look-up under way is void. */
    void beginAnew(long now) {
        deciding = null;
        lookingUp = List.of();
        stepAt = now + limits.retryMillis();
    }

    private void apply(TransactionDraft<S, C, F> batch, TransactionDraft<S, C, F>.Part part, long now) {
        CommandShard<S, C, F> shard = part.shard;
        shard.lanes.committed(part.changes);
        part.works.forEach(shard::remove);
        shard.committed(part.seq);
        shard.outbox.deleted(part.settled);
        shard.publishing.committed(part.facts);
        part.answers.forEach((work, answer) -> effects.reply(work.request.replyTo(), work.request.id(), answer));
        shard.outbox.add(part.orders, now);
        shard.pauseIfFull(now);
        batch.beginLoads(part);
    }

    private void refused(TransactionDraft<S, C, F> batch, CommitOutcome.Refused refused, long now) {
        switch (refused.reason()) {
            case PASSING -> tryAgain(refused, now);
            case TOO_MUCH -> {
                if (batch.size() > 0) {
                    tookTooLong(batch, refused, now);
                } else {
                    tryAgain(refused, now);
                }
            }
            case DUPLICATE_KEY -> {
                if (batch.hasLookedUp()) {
                    isolate(batch, refused, now);
                } else {
                    conflicted(batch, now);
                }
            }
            case LASTING -> isolate(batch, refused, now);
        }
    }

    private void tryAgain(CommitOutcome.Refused refused, long now) {
        effects.warn("A transaction is tried again: " + refused.message());
        stepAt = now + limits.retryMillis();
    }

    private void conflicted(TransactionDraft<S, C, F> batch, long now) {
        for (TransactionDraft<S, C, F>.Part part : batch.parts()) {
            part.shard.conflicted(now + limits.conflictMillis());
            part.works.forEach(Work::conflicted);
        }
    }

    /** Each command is tried alone; the one that is refused even then is given up. */
    private void isolate(TransactionDraft<S, C, F> batch, CommitOutcome.Refused refused, long now) {
        List<Work<C>> works = new ArrayList<>();
        batch.parts().forEach(part -> works.addAll(part.works));
        if (works.size() == 1) {
            giveUp(works.getFirst(), refused, now);
        } else {
            isolating = works.size();
            if (works.isEmpty()) {
                stepAt = now + limits.retryMillis();
            }
        }
    }

    /** Half as many commands are tried; a command that takes too long even alone is given up after some tries. */
    private void tookTooLong(TransactionDraft<S, C, F> batch, CommitOutcome.Refused refused, long now) {
        effects.warn("A transaction of " + batch.size() + " commands took too long: " + refused.message());
        stepAt = now + limits.retryMillis();
        if (batch.size() > 1) {
            most = batch.size() / 2;
            return;
        }
        most = 1;
        batch.parts()
                .forEach(part -> part.works.forEach(work -> {
                    if (++work.timeouts >= limits.attempts()) {
                        giveUp(work, refused, now);
                    }
                }));
    }

    private void giveUp(Work<C> work, CommitOutcome.Refused refused, long now) {
        effects.warn("The command " + work.request.id() + " cannot be committed: " + refused.message());
        if (work.failureUnstorable) {
            stepAt = now + limits.retryMillis();
        }
        work.failureUnstorable = work.hopeless != null;
        work.hopeless = "The server failed to store this";
    }
}
