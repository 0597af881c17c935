package io.myelin.kafka;

import io.myelin.engine.Committed;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.CommitOutcome;
import io.myelin.engine.shard.InputRecord;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.ShardRuntime;
import io.myelin.engine.shard.ShardStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The thread of a {@link ShardService}: poll, decide, commit, publish, reply, poll. */
final class ShardLoop<S, C, F> {

    private static final Logger LOG = LoggerFactory.getLogger(ShardLoop.class);
    private static final long TICK_MILLIS = 50;

    /** The exit code of a process whose loop has died. */
    private static final int FATAL = 3;

    /** A lease is renewed for a loop that commits for no longer than this. */
    private static final long COMMIT_PATIENCE_NANOS = 6_000_000_000L;

    private final ShardServiceSpec<S, C, F> spec;
    private final ShardStore<S, F> store;
    private final BooleanSupplier leaseHolds;
    private final Consumer<byte[], byte[]> consumer;
    private final Mailbox mailbox;
    private final InputConsumer input;
    private final ShardEffects<S, C, F> effects;
    private final ShardRuntime<S, C, F> runtime;
    private final AtomicReferenceArray<Committed> committed;
    private final LoopFigures figures = new LoopFigures();
    private final Thread thread;
    private final java.util.function.Consumer<String> halt = ShardLoop::haltTheProcess;
    private volatile boolean turned = true;
    private volatile long committingSince;
    private volatile boolean stopped;
    private volatile Set<Integer> owned = Set.of();
    private volatile boolean allOwned;

    ShardLoop(
            ShardServiceSpec<S, C, F> spec,
            ShardStore<S, F> store,
            BooleanSupplier leaseHolds,
            Shell shell,
            Doors doors,
            Supplier<UUID> ids) {
        this.spec = spec;
        this.store = store;
        this.leaseHolds = leaseHolds;
        consumer = shell.kafka().consumer("myelin-" + spec.name());
        mailbox = new Mailbox(consumer);
        input = new InputConsumer(spec.input(), consumer, shell.watch());
        effects = new ShardEffects<>(spec, store, mailbox, input, shell, doors);
        runtime = new ShardRuntime<>(spec.shards(), spec.decider(), effects, ids, spec.limits());
        effects.bind(runtime);
        committed = new AtomicReferenceArray<>(spec.shards());
        shell.replies().listen((command, answer) -> {
            boolean awaited = effects.awaits(command);
            if (awaited) {
                mailbox.put(() -> runtime.settled(command, System.currentTimeMillis()));
            }
            return awaited;
        });
        thread = Thread.ofPlatform().daemon().name(spec.name() + "-loop").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean hasTurned() {
        boolean hasTurned = turned || isCommitting();
        turned = false;
        mailbox.wake();
        return hasTurned;
    }

    /** A commit is what the loop may wait for; a transaction ends by itself, after 4 s at the latest. */
    private boolean isCommitting() {
        long since = committingSince;
        return since != 0 && System.nanoTime() - since < COMMIT_PATIENCE_NANOS;
    }

    Set<Integer> owned() {
        return owned;
    }

    boolean allOwned() {
        return allOwned;
    }

    void moved() {
        mailbox.put(() -> runtime.moved(System.currentTimeMillis()));
    }

    LoopFigures figures() {
        return figures;
    }

    Optional<Committed> committed(int shard) {
        Committed known = committed.get(shard);
        return known != null && leaseHolds.getAsBoolean() ? Optional.of(known) : Optional.empty();
    }

    void ask(int shard, Request<C> request) {
        mailbox.put(() -> runtime.asked(shard, request));
    }

    /** Returns when the loop has let go of everything: a new lease must not vouch for what the old one lost. */
    void lostEverything() {
        CountDownLatch letGo = new CountDownLatch(1);
        mailbox.put(() -> {
            runtime.lostEverything();
            refresh();
            letGo.countDown();
        });
        try {
            while (thread.isAlive() && !letGo.await(100, TimeUnit.MILLISECONDS)) {
                LOG.warn("{} waits for its loop to let go of its shards", spec.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop(Duration patience) {
        if (!thread.isAlive()) {
            return;
        }
        try {
            store.leave();
        } catch (RuntimeException e) {
            LOG.warn("{} leaves without notice: {}", spec.name(), e.getMessage());
        }
        mailbox.put(() -> runtime.leave(System.currentTimeMillis()));
        try {
            thread.join(patience);
            stopped = true;
            mailbox.wake();
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whatever ends the loop before it was stopped ends the process: a service without its loop would hold its shards and do
     * nothing.
     */
    private void run() {
        try (Watchdog.Watched watched = Watchdog.ofThisProcess().watch("The loop of " + spec.name(), halt)) {
            effects.watchedBy(watched);
            turn(watched);
        } catch (Throwable fatal) {
            halt.accept("The loop of " + spec.name() + " has died: " + fatal);
            throw fatal;
        }
        refresh();
        effects.finish();
        KafkaSettings.close(consumer);
    }

    private static void haltTheProcess(String why) {
        System.err.println(why);
        Runtime.getRuntime().halt(FATAL);
    }

    private void turn(Watchdog.Watched watched) {
        long tickAt = 0;
        boolean busy = false;
        while (!stopped && !runtime.hasLeft()) {
            turned = true;
            watched.begin("a turn");
            try {
                mailbox.empty();
                long now = System.currentTimeMillis();
                poll(busy ? Duration.ZERO : Duration.ofMillis(Math.clamp(tickAt - now, 0, TICK_MILLIS)));
                mailbox.empty();
                now = System.currentTimeMillis();
                if (now >= tickAt) {
                    tickAt = now + TICK_MILLIS;
                    runtime.tick(now);
                    refresh();
                } else if (effects.hasReleases()) {
                    refresh();
                }
                busy = stepOrBeginAnew(now, watched);
            } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError bug) {
                LOG.error("The loop of {} goes on after a failure", spec.name(), bug);
            }
        }
    }

    /** What fails between a decision and its outcome leaves memory behind that nobody can trust. */
    private boolean stepOrBeginAnew(long now, Watchdog.Watched watched) {
        try {
            return step(now, watched);
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError bug) {
            LOG.error("The loop of {} claims its shards anew after a failure", spec.name(), bug);
            committingSince = 0;
            effects.forget();
            runtime.beginAnew(now);
            refresh();
            return false;
        }
    }

    private void poll(Duration wait) {
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
        } catch (KafkaException | BrokerUnavailable e) {
            LOG.warn("{} cannot read {} now: {}", spec.name(), spec.input(), e.toString());
            LockSupport.parkNanos(wait.toNanos());
        }
    }

    /** What could not be taken over is read again: else it would be passed over. */
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
            try {
                Wire.RequestValue value = Wire.request(record.value());
                ReplyTo replyTo = Wire.isNobody(value.replyPartition())
                        ? new ReplyTo.Nobody()
                        : new ReplyTo.Partition(value.replyPartition());
                C command = spec.decodeCommand().apply(value.command());
                decoded.add(new InputRecord<>(
                        record.offset(),
                        record.leaderEpoch().orElse(-1),
                        new Request<>(value.id(), value.deadline(), replyTo, value.transaction(), command),
                        record.serializedValueSize()));
            } catch (RuntimeException | StackOverflowError e) {
                LOG.warn("{} skips offset {} of {}: {}", spec.name(), record.offset(), spec.input(), e.toString());
                decoded.add(new InputRecord<>(
                        record.offset(), record.leaderEpoch().orElse(-1), null, record.serializedValueSize()));
            }
        }
        return decoded;
    }

    /** Decides and commits once; whether there was something to do. */
    private boolean step(long now, Watchdog.Watched watched) {
        if (!runtime.step(now)) {
            return false;
        }
        Batch<F> batch = effects.takeBatch();
        if (batch == null) {
            effects.lookUp(System.currentTimeMillis());
            return true;
        }
        long began = System.nanoTime();
        committingSince = began == 0 ? 1 : began;
        watched.goOnWith("a commit");
        CommitOutcome outcome = store.commit(batch);
        watched.goOnWith("what a commit has set free");
        committingSince = 0;
        if (outcome instanceof CommitOutcome.Committed) {
            figures.committed(batch, System.nanoTime() - began);
            // Before any reply leaves: who was answered may ask what is committed.
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
            refresh();
        }
        return true;
    }

    /** A command or transaction that was done before: it is looked up, and answered as it was then. */
    private static boolean isRepetition(CommitOutcome outcome) {
        return outcome instanceof CommitOutcome.Refused refused
                && refused.reason() == CommitOutcome.Reason.DUPLICATE_KEY;
    }

    /** Tells other threads what is owned and committed; only then is released what was given up. */
    private void refresh() {
        Set<Integer> mine = runtime.owned();
        input.retain(mine);
        for (int shard = 0; shard < spec.shards(); shard++) {
            committed.set(shard, runtime.committed(shard).orElse(null));
        }
        owned = mine;
        allOwned = runtime.allOwned();
        effects.sendReleases();
    }
}
