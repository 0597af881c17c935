package io.myelin.kafka;

import io.myelin.contracts.ShardQueries;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.tail.LogTail;
import io.myelin.engine.tail.OutputRecord;
import io.myelin.engine.tail.TailEffects;
import io.myelin.engine.tail.TailLimits;
import io.myelin.kafka.trace.TraceParent;
import io.myelin.kafka.trace.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one output topic on a thread of its own, for all subscribers in this process; see {@link LogTail}. Gaps are
 * filled from the owner's log, so a consumer that lost its position continues at the end.
 */
public final class Tail<F> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);
    private static final long TICK_MILLIS = 25;
    /** Facts in a page: an event may be 64 KB, and a whole page is in memory at once. */
    private static final int PAGE = 200;

    private final TailSpec<F> spec;
    private final ShardQueries<F> owner;
    private final TopicFollower follower;
    private final Mailbox mailbox;
    private final LogTail<F> tail;
    private final TailSubscribers<F> subscribers;
    private final AtomicReferenceArray<@Nullable Committed> positions;
    private final AtomicLong tickets = new AtomicLong();
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final Traces traces;
    private final TracedFacts traced = new TracedFacts();

    /** Without traces. */
    public Tail(TailSpec<F> spec, ShardQueries<F> owner, KafkaSettings kafka, TopicWatch watch) {
        this(spec, owner, kafka, watch, Traces.NONE);
    }

    public Tail(TailSpec<F> spec, ShardQueries<F> owner, KafkaSettings kafka, TopicWatch watch, Traces traces) {
        this.spec = spec;
        this.traces = traces;
        this.owner = owner;
        subscribers = new TailSubscribers<>(spec.topic());
        tail = new LogTail<>(spec.shards(), new FollowingEffects(), TailLimits.DEFAULT);
        positions = new AtomicReferenceArray<>(spec.shards());
        follower = new TopicFollower(spec.topic(), spec.shards(), kafka, watch, TICK_MILLIS, new Reading());
        mailbox = follower.mailbox();
    }

    /** To be called before {@link #start}. */
    public void subscribe(TailSubscriber<F> subscriber) {
        subscribers.add(subscriber);
    }

    /** Starts to follow; returns when every shard's position is known. */
    public void start() throws InterruptedException {
        follower.start();
        started.await();
    }

    /** The topic that it follows. */
    public String topic() {
        return spec.topic();
    }

    /** Where the tail stands in a shard. */
    public Committed position(int shard) {
        Committed position = positions.get(shard);
        return position == null ? new Committed(-1, 0) : position;
    }

    /** Completes when the tail has applied everything that is committed in the shard now. */
    public CompletableFuture<Void> barrier(int shard) {
        try {
            return barrier(shard, owner.committed(shard));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Completes when the tail has applied everything that is committed in all shards now. */
    public CompletableFuture<Void> barrier() {
        List<Committed> targets;
        try {
            targets = owner.allCommitted(spec.shards());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        List<CompletableFuture<Void>> barriers = new ArrayList<>();
        for (int shard = 0; shard < spec.shards(); shard++) {
            CompletableFuture<Void> barrier = barrier(shard, targets.get(shard));
            if (!barrier.isDone() || barrier.isCompletedExceptionally()) {
                barriers.add(barrier);
            }
        }
        return CompletableFuture.allOf(barriers.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> barrier(int shard, Committed target) {
        if (position(shard).incarnation() == target.incarnation()) {
            return await(shard, target.seq());
        }
        return enqueue((ticket, now) -> tail.await(shard, ticket, now), shard);
    }

    /** Completes when the tail has reached a number of the shard. */
    public CompletableFuture<Void> await(int shard, long seq) {
        if (position(shard).seq() >= seq) {
            return CompletableFuture.completedFuture(null);
        }
        return enqueue((ticket, now) -> tail.awaitPosition(shard, seq, ticket, now), shard);
    }

    /** A caller that waits for a position in a shard. */
    private record Waiting(int shard, CompletableFuture<Void> passed) {}

    private interface Beginning {
        void begin(long ticket, long now);
    }

    private CompletableFuture<Void> enqueue(Beginning wait, int shard) {
        long ticket = tickets.incrementAndGet();
        CompletableFuture<Void> passed = new CompletableFuture<>();
        waiting.put(ticket, new Waiting(shard, passed));
        passed.whenComplete((nothing, failure) -> {
            if (waiting.remove(ticket) != null) {
                mailbox.putForNextTurn(() -> tail.abandon(shard, ticket));
            }
        });
        mailbox.put(() -> wait.begin(ticket, now()));
        return passed;
    }

    private void repairSubscribers() {
        for (int shard = 0; shard < spec.shards(); shard++) {
            if (subscribers.repair(shard, tail.position(shard))) {
                tell(shard);
            }
        }
    }

    /** Publishes the tail's position in a shard to other threads; none while a subscriber is broken. */
    private void tell(int shard) {
        positions.set(shard, subscribers.isConsistent(shard) ? tail.position(shard) : null);
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    @Override
    public void close() {
        follower.close();
    }

    /** Passes what the follower reads to the tail. */
    private final class Reading implements TopicFollower.Reader {

        @Override
        public void turn(long now) {
            if (started.getCount() > 0 && tail.hasStarted()) {
                started.countDown();
            }
        }

        @Override
        public Duration patience() {
            return Duration.ofMillis(waiting.isEmpty() ? 10 * TICK_MILLIS : TICK_MILLIS);
        }

        @Override
        public void positioned(int shard, boolean first, long now) {
            if (first) {
                tail.start(shard);
            }
        }

        @Override
        public void read(int shard, List<ConsumerRecord<byte[], byte[]>> records, long now) {
            List<OutputRecord<F>> decoded = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                try {
                    Wire.FactValue value = Wire.fact(record.value());
                    F fact = spec.decode().apply(value.fact());
                    decoded.add(new OutputRecord<>(value.incarnation(), new Numbered<>(value.seq(), fact)));
                    note(shard, value.seq(), record);
                } catch (RuntimeException e) {
                    LOG.warn(
                            "Offset {} of shard {} of {} is read from the log instead: {}",
                            record.offset(),
                            shard,
                            spec.topic(),
                            e.toString());
                }
            }
            tail.polled(shard, decoded, now);
        }

        private void note(int shard, long seq, ConsumerRecord<byte[], byte[]> record) {
            TraceParent parent = traces.areOn() ? TraceParent.of(record.headers()) : null;
            if (parent != null) {
                traced.put(shard, seq, parent);
            }
        }

        @Override
        public void tick(long now) {
            tail.tick(now);
            repairSubscribers();
        }
    }

    /** Carries out the effects of the {@link LogTail}. */
    private final class FollowingEffects implements TailEffects<F> {

        @Override
        public void ask(int shard) {
            follower.ask(
                    () -> owner.committed(shard),
                    committed -> tail.answered(shard, committed, now()),
                    () -> tail.askFailed(shard, now()));
        }

        @Override
        public void replay(int shard, long after) {
            follower.ask(
                    () -> owner.replay(shard, after, PAGE),
                    page -> tail.replayed(shard, page, now()),
                    () -> tail.replayFailed(shard, now()));
        }

        @Override
        public void apply(int shard, Numbered<F> fact) {
            TraceParent parent = traced.take(shard, fact.seq());
            if (parent == null) {
                subscribers.apply(shard, fact, tail.position(shard));
            } else {
                subscribers.apply(shard, fact, tail.position(shard), traces, parent);
            }
            if (!subscribers.isConsistent(shard)) {
                positions.set(shard, null);
            }
        }

        @Override
        public void reset(int shard, Committed position) {
            subscribers.reset(shard, position);
            tell(shard);
        }

        @Override
        public void reached(int shard, long seq) {
            subscribers.reached(shard, tail.position(shard));
            tell(shard);
        }

        @Override
        public void passed(long ticket) {
            Waiting who = waiting.get(ticket);
            if (who != null) {
                subscribers.whenConsistent(who.shard(), () -> {
                    if (waiting.remove(ticket, who)) {
                        who.passed().complete(null);
                    }
                });
            }
        }
    }
}
