package io.myelin.engine.simulation;

import io.myelin.engine.Committed;
import io.myelin.engine.LogPosition;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.ownership.Balance;
import io.myelin.engine.ownership.OwnerScan;
import io.myelin.engine.ownership.ShardRow;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.KeptAnswers;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.engine.shard.TransactionKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The simulated database, which also checks the batches that it is asked to store. */
final class SimulatedStore {

    /** Called after a commit, with the time of the decision by the owner's clock. */
    interface Witness {
        void applied(int shard, Batch.Done<ToyFact> done, long decidedAt);

        void positioned(int shard, LogPosition position, long published);

        /** Whether the process that is, or was, this instance lives. */
        boolean isConnected(long instance);
    }

    private static final long LEASE_MILLIS = 2_000;

    private final Timeline time;
    private final Break broken;
    private final Witness witness;
    private final int pageRows;
    private final TreeMap<Long, Long> leases = new TreeMap<>();
    private final Set<Long> leaving = new HashSet<>();
    private Rows rows;
    private long incarnation = 1;
    private @Nullable Rows backup;
    boolean down;

    SimulatedStore(Timeline time, Break broken, Witness witness, int shardCount, int pageRows) {
        this.time = time;
        this.broken = broken;
        this.witness = witness;
        this.pageRows = pageRows;
        rows = new Rows(shardCount);
    }

    Rows rows() {
        return rows;
    }

    long incarnation() {
        return incarnation;
    }

    void backUp() {
        backup = rows.copy();
    }

    boolean hasBackup() {
        return backup != null;
    }

    boolean restore() {
        if (backup == null) {
            return false;
        }
        rows = backup;
        backup = null;
        incarnation++;
        leases.clear();
        return true;
    }

    // --- instances

    void register(long instance) {
        leases.put(instance, time.now() + LEASE_MILLIS);
    }

    boolean renew(long instance) {
        return leases.replace(instance, time.now() + LEASE_MILLIS) != null;
    }

    void unregister(long instance) {
        leases.remove(instance);
    }

    void leave(long instance) {
        leaving.add(instance);
    }

    /** Whether every shard is owned by one of so many living instances, and none owns two more than another. */
    boolean isSpreadOver(int instances) {
        Map<Long, Integer> counts = new HashMap<>();
        leases.keySet().forEach(instance -> counts.put(instance, 0));
        rows.shards.forEach(shard -> counts.merge(shard.owner, 1, Integer::sum));
        return counts.size() == instances
                && leases.keySet().containsAll(counts.keySet())
                && Collections.max(counts.values()) - Collections.min(counts.values()) <= 1;
    }

    // --- shards

    /** The outcome of an instance's look; null if it has no lease. */
    @Nullable
    OwnerScan look(long instance, Set<Integer> wanted) {
        leases.entrySet().removeIf(lease -> lease.getKey() != instance && lease.getValue() < time.now());
        if (!leases.containsKey(instance)) {
            return null;
        }
        int room = balance(instance).share()
                - (int) rows.shards.stream()
                        .filter(shard -> shard.owner == instance)
                        .count();
        List<ShardRow> claimed = new ArrayList<>();
        int first = time.below(rows.shards.size());
        for (int each = 0; each < rows.shards.size(); each++) {
            Rows.Shard shard = rows.shards.get((first + each) % rows.shards.size());
            boolean free = !leases.containsKey(shard.owner) || broken == Break.CLAIM_TAKES_WHAT_OTHERS_OWN;
            boolean mayTake = free && (room > 0 || broken == Break.CLAIM_IGNORES_THE_SHARE);
            if (wanted.contains(shard.number) && (shard.owner == instance || mayTake)) {
                if (shard.owner != instance) {
                    room--;
                }
                claimed.add(claim(shard, instance));
            }
        }
        return new OwnerScan(claimed, balance(instance));
    }

    private Balance balance(long instance) {
        Set<Long> wanting = new TreeSet<>(leases.keySet());
        wanting.removeAll(leaving);
        if (broken == Break.LOOK_SEES_NO_OTHERS) {
            wanting.retainAll(Set.of(instance));
        }
        Map<Integer, Long> owners = new HashMap<>();
        rows.shards.stream()
                .filter(shard -> leases.containsKey(shard.owner))
                .forEach(shard -> owners.put(shard.number, shard.owner));
        return Balance.of(instance, rows.shards.size(), wanting, owners);
    }

    private ShardRow claim(Rows.Shard shard, long instance) {
        if (shard.owner != instance || broken != Break.STORE_KEEPS_THE_EPOCH_OF_ITS_OWNER) {
            shard.epoch++;
        }
        boolean died = shard.owner != instance
                && (!witness.isConnected(shard.owner) || broken == Break.STORE_COUNTS_LOST_LEASES);
        if (shard.owner != Rows.NOBODY && died && broken != Break.STORE_FORGETS_ATTEMPTS) {
            shard.attempts++;
        }
        shard.owner = instance;
        LogPosition position = broken == Break.STORE_LOSES_THE_OFFSET && shard.position.nextOffset() > 0
                ? new LogPosition(shard.position.topic(), shard.position.nextOffset() + 1, shard.position.leaderEpoch())
                : shard.position;
        return new ShardRow(
                shard.number, shard.epoch, shard.attempts, shard.seq, shard.published, incarnation, position);
    }

    void release(int number, long epoch, long published) {
        Rows.Shard shard = rows.shards.get(number);
        if (shard.epoch == epoch) {
            shard.owner = Rows.NOBODY;
            shard.published = Math.max(shard.published, published);
            witness.positioned(number, shard.position, shard.published);
        }
    }

    // --- commits

    CommitOutcome commit(Batch<ToyFact> batch, long decidedAt) {
        Set<Integer> fenced = new TreeSet<>();
        for (Batch.OfShard<ToyFact> part : batch.shards()) {
            if (rows.shards.get(part.shard()).epoch != part.epoch() && broken != Break.STORE_IGNORES_THE_EPOCH) {
                fenced.add(part.shard());
            }
        }
        if (!fenced.isEmpty()) {
            return new CommitOutcome.Fenced(fenced);
        }
        CommitOutcome.Refused refused = refusal(batch);
        if (refused != null) {
            return refused;
        }
        for (Batch.OfShard<ToyFact> part : batch.shards()) {
            apply(part, decidedAt);
        }
        return new CommitOutcome.Committed();
    }

    private CommitOutcome.@Nullable Refused refusal(Batch<ToyFact> batch) {
        Set<UUID> ids = new HashSet<>();
        Set<TransactionKey> keys = new HashSet<>();
        for (Batch.OfShard<ToyFact> part : batch.shards()) {
            for (Batch.Done<ToyFact> done : part.done()) {
                if (done.id() != null && (done.id().getLeastSignificantBits() & 0xFFFF) == Writer.LETHAL_ID) {
                    return new CommitOutcome.Refused(CommitOutcome.Reason.LASTING, "lethal");
                }
                if (done.facts().stream().anyMatch(fact -> fact.kind() == ToyCommand.Kind.POISON)) {
                    return new CommitOutcome.Refused(CommitOutcome.Reason.LASTING, "poison");
                }
                boolean conflict = done.id() != null
                        && (!ids.add(done.id())
                                || rows.commands.containsKey(done.id())
                                || rows.orderAnswers.containsKey(done.id()));
                conflict |= done.transaction() != null
                        && (!keys.add(done.transaction()) || rows.transactions.containsKey(done.transaction()));
                if (conflict && broken != Break.STORE_HIDES_CONFLICTS) {
                    return new CommitOutcome.Refused(CommitOutcome.Reason.DUPLICATE_KEY, "duplicate key");
                }
            }
        }
        return null;
    }

    private void apply(Batch.OfShard<ToyFact> part, long decidedAt) {
        Rows.Shard shard = rows.shards.get(part.shard());
        for (Batch.Done<ToyFact> done : part.done()) {
            if (done.id() != null && broken != Break.STORE_FORGETS_COMMANDS) {
                (done.order() ? rows.orderAnswers : rows.commands).putIfAbsent(done.id(), done.answer());
            }
            if (done.transaction() != null && broken != Break.STORE_FORGETS_TRANSACTIONS) {
                rows.transactions.putIfAbsent(done.transaction(), done.answer());
            }
            Broken.check(
                    done.facts().isEmpty() || done.firstSeq() == shard.seq + 1,
                    "shard %d: a fact got number %d after %d",
                    part.shard(),
                    done.firstSeq(),
                    shard.seq);
            for (ToyFact fact : done.facts()) {
                rows.append(shard, new Numbered<>(++shard.seq, fact));
            }
            if (broken != Break.STORE_LOSES_THE_OUTBOX) {
                done.orders().forEach(order -> shard.outbox.put(order.id(), order));
            }
            witness.applied(part.shard(), done, decidedAt);
        }
        Broken.check(shard.seq == part.seq(), "shard %d: seq %d, not %d", part.shard(), part.seq(), shard.seq);
        part.settled().forEach(shard.outbox::remove);
        shard.published = part.published();
        shard.position = part.position();
        shard.attempts = 0;
        witness.positioned(part.shard(), part.position(), part.published());
    }

    /** Forgets answers to commands that were made before a time; those to orders are kept for months. */
    void prune(long madeBefore) {
        rows.commands.keySet().removeIf(id -> id.getMostSignificantBits() >>> 16 < madeBefore);
        if (broken == Break.STORE_PRUNES_ORDERS) {
            rows.orderAnswers.clear();
        }
    }

    // --- reads

    KeptAnswers find(Collection<UUID> commands, Collection<TransactionKey> transactions) {
        Map<UUID, byte[]> byCommand = new HashMap<>();
        for (UUID id : commands) {
            byte[] answer = rows.commands.getOrDefault(id, rows.orderAnswers.get(id));
            if (answer != null) {
                byCommand.put(id, answer);
            }
        }
        Map<TransactionKey, byte[]> byTransaction = new HashMap<>();
        for (TransactionKey key : transactions) {
            byte[] answer = rows.transactions.get(key);
            if (answer != null) {
                byTransaction.put(key, answer);
            }
        }
        return new KeptAnswers(byCommand, byTransaction);
    }

    Counter load(String key) {
        return rows.counters.getOrDefault(key, Counter.NEW);
    }

    ReplayPage<ToyFact> replay(int number, long after, int limit) {
        Rows.Shard shard = rows.shards.get(number);
        List<Numbered<ToyFact>> facts = new ArrayList<>();
        for (Map.Entry<Long, ToyFact> row : shard.log.tailMap(after, false).entrySet()) {
            if (facts.size() == Math.min(pageRows, limit)) {
                return new ReplayPage<>(incarnation, facts, facts.getLast().seq(), shard.seq);
            }
            facts.add(new Numbered<>(row.getKey(), row.getValue()));
        }
        return new ReplayPage<>(incarnation, facts, shard.seq, shard.seq);
    }

    /** The next page of the outbox, of two orders at most. */
    List<StoredOrder> outbox(int number, @Nullable UUID after, long bytes) {
        List<StoredOrder> next = rows.shards.get(number).outbox.values().stream()
                .sorted(Comparator.comparing(StoredOrder::id))
                .filter(order -> after == null || order.id().compareTo(after) > 0)
                .skip(broken == Break.STORE_SKIPS_ORDERS ? 1 : 0)
                .limit(2)
                .toList();
        boolean endsPage = !next.isEmpty() && next.getFirst().order().command().length >= bytes;
        return endsPage ? next.subList(0, 1) : next;
    }

    Committed committed(int number) {
        return new Committed(incarnation, rows.shards.get(number).seq);
    }
}
