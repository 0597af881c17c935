package io.myelin.kafka;

import io.myelin.engine.Committed;
import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.ownership.Ownership;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.InputRecord;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.ShardRuntime;
import io.myelin.engine.shard.ShardStore;
import io.myelin.engine.shard.Step;
import io.myelin.kafka.trace.TraceParent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What the loop of a {@link ShardService} does in a turn: poll, decide, commit, publish, reply, poll. */
final class ShardLoop<S, C, F> implements OwnerLoop.Engine {

    private static final Logger LOG = LoggerFactory.getLogger(ShardLoop.class);

    /** The lease is no longer renewed when a commit takes longer than this. */
    private static final long COMMIT_PATIENCE_NANOS = 6_000_000_000L;

    private final ShardServiceSpec<S, C, F> spec;
    private final ShardStore<S, F> store;
    private final BooleanSupplier leaseHolds;
    private final OwnerLoop loop;
    private final Mailbox mailbox;
    private final InputConsumer input;
    private final ShardEffects<S, C, F> effects;
    private final TracedCommands traced;
    private final ShardRuntime<S, C, F> runtime;
    private final AtomicReferenceArray<Committed> committed;
    private final LoopFigures figures = new LoopFigures();
    private volatile long committingSince;

    ShardLoop(
            ShardServiceSpec<S, C, F> spec,
            ShardStore<S, F> store,
            BooleanSupplier leaseHolds,
            Shell shell,
            LocalCallers localCallers,
            Supplier<UUID> ids) {
        this.spec = spec;
        this.store = store;
        this.leaseHolds = leaseHolds;
        Consumer<byte[], byte[]> consumer = shell.kafka().consumer("myelin-" + spec.name());
        loop = new OwnerLoop(spec.name(), consumer, store.claims());
        mailbox = loop.mailbox();
        input = new InputConsumer(spec.input(), consumer, shell.watch());
        traced = new TracedCommands(shell.traces(), spec);
        effects = new ShardEffects<>(spec, store, loop, input, shell, localCallers, traced);
        runtime = new ShardRuntime<>(spec.shards(), spec.decider(), loop.claiming(), effects, ids, spec.limits());
        effects.bind(runtime);
        committed = new AtomicReferenceArray<>(spec.shards());
        loop.bind(this);
        shell.replies().listen((command, answer) -> {
            boolean awaited = effects.awaits(command);
            if (awaited) {
                mailbox.put(() -> runtime.settled(command, System.currentTimeMillis()));
            }
            return awaited;
        });
    }

    OwnerLoop loop() {
        return loop;
    }

    LoopFigures figures() {
        return figures;
    }

    Optional<Committed> committed(int shard) {
        Committed known = committed.get(shard);
        return known != null && leaseHolds.getAsBoolean() ? Optional.of(known) : Optional.empty();
    }

    /** @param caller the span that the caller works on; null if it is not traced */
    void ask(int shard, Request<C> request, @Nullable TraceParent caller) {
        mailbox.put(() -> {
            if (caller != null) {
                traced.asked(shard, request, caller, System.currentTimeMillis());
            }
            runtime.asked(shard, request);
        });
    }

    @Override
    public Ownership ownership() {
        return runtime.ownership();
    }

    /** The loop may wait for a commit: a transaction ends by itself, after 4 s at the latest. */
    @Override
    public boolean isWaiting() {
        long since = committingSince;
        return since != 0 && System.nanoTime() - since < COMMIT_PATIENCE_NANOS;
    }

    @Override
    public void refresh(Set<Integer> owned) {
        input.retain(owned);
        for (int shard = 0; shard < spec.shards(); shard++) {
            committed.set(shard, runtime.committed(shard).orElse(null));
        }
    }

    @Override
    public void tick(long now) {
        runtime.tick(now);
        traced.tick(now);
        figures.of(runtime);
    }

    @Override
    public void close() {
        effects.close();
    }

    // --- input

    @Override
    public void poll(Duration wait) {
        try {
            ConsumerRecords<byte[], byte[]> records = mailbox.poll(wait);
            if (!records.isEmpty() && input.isAnotherTopic()) {
                positionsLost(input.assigned());
                return;
            }
            for (TopicPartition partition : records.partitions()) {
                polled(partition.partition(), records.records(partition));
            }
        } catch (OffsetOutOfRangeException e) {
            LOG.warn("{} lost its place in {}: {}", spec.name(), spec.input(), e.getMessage());
            positionsLost(input.lost(e));
        }
    }

    /** Passes records to the runtime. If that fails they are read again; otherwise they would be skipped. */
    private void polled(int shard, List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            runtime.polled(shard, decode(records), System.currentTimeMillis());
        } catch (RuntimeException | StackOverflowError bug) {
            LOG.error("Shard {} of {} reads its input again after a failure", shard, spec.name(), bug);
            positionsLost(Set.of(shard));
        }
    }

    private void positionsLost(Set<Integer> shards) {
        input.rest(shards);
        shards.forEach(runtime::positionLost);
    }

    private List<InputRecord<C>> decode(List<ConsumerRecord<byte[], byte[]>> records) {
        List<InputRecord<C>> decoded = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Request<C> request = request(record);
            if (request != null) {
                traced.read(record, request, System.currentTimeMillis());
            }
            decoded.add(new InputRecord<>(
                    record.offset(), record.leaderEpoch().orElse(-1), request, record.serializedValueSize()));
        }
        return decoded;
    }

    private @Nullable Request<C> request(ConsumerRecord<byte[], byte[]> record) {
        try {
            Wire.RequestValue value = Wire.request(record.value());
            ReplyTo replyTo = Wire.isNobody(value.replyPartition())
                    ? new ReplyTo.Nobody()
                    : new ReplyTo.Partition(value.replyPartition());
            return new Request<>(value.id(), value.deadline(), replyTo, value.transaction(), command(value, record));
        } catch (RuntimeException e) {
            figures.skippedRecord();
            LOG.warn("{} skips offset {} of {}: {}", spec.name(), record.offset(), spec.input(), e.toString());
            return null;
        }
    }

    /** The command, or null if it cannot be read; a writer of the next release may know commands that this one does not. */
    private @Nullable C command(Wire.RequestValue value, ConsumerRecord<byte[], byte[]> record) {
        try {
            return spec.decodeCommand().apply(value.command());
        } catch (RuntimeException | StackOverflowError e) {
            figures.skippedRecord();
            LOG.warn("{} cannot read offset {} of {}: {}", spec.name(), record.offset(), spec.input(), e.toString());
            return null;
        }
    }

    // --- deciding

    /**
     * Decides and commits. After a failure in between, the state in memory may be wrong, so the shards are claimed
     * anew.
     */
    @Override
    public boolean step(long now) {
        try {
            return decide(now);
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError bug) {
            LOG.error("The loop of {} claims its shards anew after a failure", spec.name(), bug);
            committingSince = 0;
            effects.forgetAnswers();
            traced.forget();
            runtime.beginAnew(now);
            loop.refresh();
            return false;
        }
    }

    private boolean decide(long now) {
        Step<F> step = runtime.step(now);
        traced.decided();
        return switch (step) {
            case Step.Nothing<F> _ -> false;
            case Step.LookUp<F> wanted -> {
                lookUp(wanted);
                yield true;
            }
            case Step.Commit<F>(Batch<F> batch) -> {
                commit(batch);
                yield true;
            }
        };
    }

    private void lookUp(Step.LookUp<F> wanted) {
        try {
            runtime.found(store.find(wanted.commands(), wanted.transactions()));
        } catch (StoreUnavailable e) {
            LOG.warn("{}", e.getMessage());
            runtime.findFailed(System.currentTimeMillis());
        }
    }

    private void commit(Batch<F> batch) {
        long began = System.nanoTime();
        committingSince = began == 0 ? 1 : began;
        loop.goesOnWith("a commit");
        traced.committing(batch);
        CommitOutcome outcome = store.commit(batch);
        traced.committed(batch, outcome);
        loop.goesOnWith("what a commit has set free");
        committingSince = 0;
        if (outcome instanceof CommitOutcome.Committed) {
            figures.committed(batch, System.nanoTime() - began);
            // Before any reply leaves, because a caller that has its answer may ask what is committed.
            batch.shards()
                    .forEach(part -> committed.updateAndGet(
                            part.shard(),
                            known -> known == null ? null : new Committed(known.incarnation(), part.seq())));
        } else {
            figures.failed();
            LOG.atLevel(isRepetition(outcome) ? Level.DEBUG : Level.WARN)
                    .log("{} did not commit: {}", spec.name(), outcome);
        }
        runtime.committed(outcome, System.currentTimeMillis());
        effects.sendAnswers();
        if (!(outcome instanceof CommitOutcome.Committed)) {
            loop.refresh();
        }
    }

    /**
     * Whether the command or transaction was done before. Its outcome is then looked up, and the same answer is given
     * again.
     */
    private static boolean isRepetition(CommitOutcome outcome) {
        return outcome instanceof CommitOutcome.Refused refused
                && refused.reason() == CommitOutcome.Reason.DUPLICATE_KEY;
    }
}
