package io.myelin.engine.shard;

import io.myelin.engine.Numbered;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that is being assembled: commands decided on the committed state plus the decisions before them. The
 * runtime applies it once it has committed; otherwise it is thrown away.
 */
final class TransactionDraft<S, C, F> {

    /** A shard's part: the new states of its entities, and what the shard sends after the commit. */
    final class Part implements Entities<S> {
        final CommandShard<S, C, F> shard;
        final SequencedSet<Work<C>> works = new LinkedHashSet<>();
        final Map<String, S> changes = new HashMap<>();
        final List<Batch.Done<F>> done = new ArrayList<>();
        final List<Numbered<byte[]>> facts = new ArrayList<>();
        final List<StoredOrder> orders = new ArrayList<>();
        final Map<Work<C>, byte[]> answers = new LinkedHashMap<>();

        /** Commands that were broken off, with the further entities that each needs. */
        final Map<Work<C>, List<String>> brokenOff = new LinkedHashMap<>();

        /** Heavy commands that are to be prepared. */
        final List<Work<C>> unprepared = new ArrayList<>();

        private final Set<String> blocked = new HashSet<>();
        final List<UUID> settled;
        long seq;

        private Part(CommandShard<S, C, F> shard) {
            this.shard = shard;
            seq = shard.seq;
            settled = shard.outbox.settled();
        }

        @Override
        public S get(String key) {
            S state = stateIfLoaded(key);
            if (state == null) {
                throw new NotLoaded(List.of(key));
            }
            return state;
        }

        @Override
        public void require(Collection<String> keys) {
            List<String> missing = keys.stream()
                    .filter(key -> stateIfLoaded(key) == null)
                    .distinct()
                    .toList();
            if (!missing.isEmpty()) {
                throw new NotLoaded(missing);
            }
        }

        private @Nullable S stateIfLoaded(String key) {
            S changed = changes.get(key);
            return changed == null ? shard.lanes.state(key) : changed;
        }

        private boolean isBlocked(Work<C> work) {
            return work.keys.stream().anyMatch(blocked::contains);
        }

        /** Commands after it in one of its lanes wait too. */
        private void block(Work<C> work) {
            blocked.addAll(work.keys);
        }
    }

    /** The answer that is kept for an order that owners died of. */
    private static final byte[] NOT_DONE = {};

    /** How long a shard knows which orders it has carried out; the store keeps their ids somewhat longer. */
    private static final long ORDER_MILLIS = 60L * 24 * 3_600_000;

    private final Decider<S, C, F> decider;
    private final Supplier<UUID> ids;
    private final Effects<F> effects;
    private final long now;
    private final TreeMap<Integer, Part> parts = new TreeMap<>();
    private final Map<UUID, byte[]> answersById = new HashMap<>();
    private final Map<TransactionKey, byte[]> answersByTransaction = new HashMap<>();
    private int size;
    private int rows;
    private long bytes;

    /** Whether a command is to be refused whose client's transaction may have succeeded before. */
    private boolean hasDoubts;

    TransactionDraft(Decider<S, C, F> decider, Supplier<UUID> ids, Effects<F> effects, long now) {
        this.decider = decider;
        this.ids = ids;
        this.effects = effects;
        this.now = now;
    }

    int size() {
        return size;
    }

    /** Whether the transaction is to take no more commands. */
    boolean isFull(ShardLimits limits) {
        return rows >= limits.batchRows() || bytes >= limits.batchBytes();
    }

    /** Whether kept answers have been looked up for all commands, so that no conflict with one is expected. */
    boolean hasLookedUp() {
        return parts.values().stream().allMatch(part -> part.works.stream().allMatch(part.shard::hasLookedUp));
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /**
     * Whether commands wait until kept answers have been looked up: they would be refused, but a repetition of a
     * transaction that succeeded has its first answer, whatever has changed since.
     */
    boolean hasDoubts() {
        return hasDoubts;
    }

    /** Removes the shards without a decision from the transaction, and at once has loaded and prepared what they need. */
    void goOnWhereNothingWasDecided() {
        parts.values().removeIf(part -> {
            boolean nothing = part.works.isEmpty();
            if (nothing) {
                beginLoads(part);
            }
            return nothing;
        });
    }

    /**
     * Loads the entities that the broken off commands need, and has the heavy commands prepared, on the state after the
     * decisions before them.
     */
    void beginLoads(Part part) {
        part.brokenOff.forEach(part.shard::needs);
        part.unprepared.forEach(work -> part.shard.prepare(work, decider));
    }

    Iterable<Part> parts() {
        return parts.values();
    }

    Set<Integer> shards() {
        return Set.copyOf(parts.keySet());
    }

    Batch<F> batch() {
        return new Batch<>(parts.values().stream()
                .map(part -> part.shard.part(part.seq, part.works, part.done))
                .toList());
    }

    /** Takes a shard in although no command of it is decided: to clear its attempts, or its outbox. */
    Part part(CommandShard<S, C, F> shard) {
        return parts.computeIfAbsent(shard.number(), number -> new Part(shard));
    }

    void decide(CommandShard<S, C, F> shard, Work<C> work) {
        Part part = part(shard);
        if (part.isBlocked(work)) {
            part.block(work);
            return;
        }
        if (mustBePrepared(part, work)) {
            part.unprepared.add(work);
            part.block(work);
            return;
        }
        try {
            if (decide(part, work)) {
                part.works.add(work);
                size++;
            } else {
                work.conflicted();
                part.block(work);
                hasDoubts = true;
            }
        } catch (NotLoaded needed) {
            part.brokenOff.put(work, needed.keys());
            part.block(work);
        }
    }

    /** False for a command that has been done, or that has expired and is consumed unexecuted. */
    private boolean mustBePrepared(Part part, Work<C> work) {
        return work.mustBePrepared(part::stateIfLoaded)
                && now <= work.request.deadline()
                && work.answered == null
                && work.repeated == null
                && !answersById.containsKey(work.request.id());
    }

    /** Returns false if the command is not decided until kept answers have been looked up. */
    private boolean decide(Part part, Work<C> work) {
        Request<C> request = work.request;
        byte[] same = work.answered != null ? work.answered : answersById.get(request.id());
        if (same != null) {
            if (same.length > 0 || !request.isOrder()) {
                part.answers.put(work, same);
            }
        } else if (now > request.deadline()) {
            return true;
        } else if (work.hopeless != null) {
            fail(part, work, work.hopeless);
        } else if (request.isOrder() && mayNotBeCarriedOut(request)) {
            fail(part, work, "The server cannot carry this out");
        } else {
            return decideAnew(part, work, request);
        }
        return true;
    }

    /** Whether this version does not know the order, or the order is so old that a record of it may have been deleted. */
    private boolean mayNotBeCarriedOut(Request<C> order) {
        boolean tooOld = now - order.madeAt() > ORDER_MILLIS;
        if (tooOld) {
            effects.warn("The order " + order.id() + " is so old that it may have been carried out before");
        }
        return tooOld || order.command() == null || !decider.understands(order.command());
    }

    /**
     * Gives a command up. An order gets no answer, and the shard that gave it repeats it. Only if owners died of the order
     * is that stored, for as long as answers to commands are kept.
     */
    private void fail(Part part, Work<C> work, String reason) {
        if (work.request.isOrder()) {
            effects.warn("The order " + work.request.id() + " is not carried out now: " + reason);
            if (work.blamedForDeaths && !work.failureUnstorable) {
                part.done.add(new Batch.Done<>(work.request.id(), null, NOT_DONE, part.seq + 1, List.of(), List.of()));
                answersById.put(work.request.id(), NOT_DONE);
            }
        } else if (work.failureUnstorable) {
            part.answers.put(work, decider.failed(reason));
        } else {
            keep(part, work, null, Decision.refused(decider.failed(reason)), List.of());
        }
    }

    private boolean decideAnew(Part part, Work<C> work, Request<C> request) {
        byte @Nullable [] repeated = work.repeated;
        if (repeated == null && request.transaction() != null) {
            repeated = answersByTransaction.get(request.transaction());
        }
        if (repeated != null) {
            keep(part, work, null, Decision.unchanged(repeated), List.of());
            return true;
        }
        Decision<S, F> decision;
        List<byte[]> encoded = new ArrayList<>();
        effects.deciding(part.shard.number(), request.id(), work.original(), work.keys);
        try {
            decision = decider.decide(
                    part, work.command(), new Moment(part.shard.number(), part.shard.incarnation(), part.seq + 1, now));
            for (F fact : decision.facts()) {
                encoded.add(effects.encode(fact));
            }
        } catch (NotLoaded needed) {
            throw needed;
        } catch (RuntimeException | StackOverflowError bug) {
            effects.warn("The command " + request.id() + " cannot be decided: " + describe(bug));
            fail(part, work, "The server failed to decide this");
            return true;
        }
        if (!decision.accepted() && request.transaction() != null && !part.shard.hasLookedUp(work)) {
            return false;
        }
        keep(part, work, decision.accepted() ? request.transaction() : null, decision, encoded);
        return true;
    }

    private void keep(
            Part part,
            Work<C> work,
            @Nullable TransactionKey transaction,
            Decision<S, F> decision,
            List<byte[]> encoded) {
        UUID id = work.request.id();
        List<StoredOrder> orders = decision.orders().stream()
                .map(order -> new StoredOrder(ids.get(), order))
                .toList();
        part.done.add(new Batch.Done<>(
                id, transaction, decision.answer(), part.seq + 1, decision.facts(), orders, work.request.isOrder()));
        for (byte[] fact : encoded) {
            part.facts.add(new Numbered<>(++part.seq, fact));
            bytes += fact.length;
        }
        rows += 1 + encoded.size() + orders.size();
        bytes += decision.answer().length;
        for (StoredOrder order : orders) {
            bytes += order.order().command().length;
        }
        part.changes.putAll(decision.changes());
        part.orders.addAll(orders);
        part.answers.put(work, decision.answer());
        answersById.put(id, decision.answer());
        if (transaction != null) {
            answersByTransaction.put(transaction, decision.answer());
        }
    }

    private static String describe(Throwable bug) {
        return bug + " at "
                + Arrays.stream(bug.getStackTrace())
                        .limit(5)
                        .map(String::valueOf)
                        .toList();
    }
}
