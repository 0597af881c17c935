package io.myelin.kafka;

import io.myelin.engine.LogPosition;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.shard.Effects;
import io.myelin.engine.shard.Preparation;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.SeekResult;
import io.myelin.engine.shard.ShardRuntime;
import io.myelin.engine.shard.ShardStore;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.kafka.trace.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the effects of a {@link ShardRuntime}. Work that takes time runs on other threads, and its outcome comes
 * back through the mailbox.
 */
final class ShardEffects<S, C, F> implements Effects<F>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShardEffects.class);
    private static final int PAGE = 200;

    /** How many pages of the log are read at once: after an outage of the broker, every shard wants some. */
    private static final int LOG_READERS = 2;

    /**
     * A lost record needs no handling: the writer repeats its unanswered command, and the owner its unanswered order.
     */
    private static final Callback NOBODY_ASKS = (_, _) -> {};

    private final ShardServiceSpec<S, C, F> spec;
    private final ShardStore<S, F> store;
    private final OwnerLoop loop;
    private final Mailbox mailbox;
    private final InputConsumer input;
    private final InputSeeks seeks;
    private final PromptSender sender;
    private final Replies replies;
    private final LocalCallers localCallers;
    private final TracedCommands traced;
    private final ExecutorService workers;
    private final EntityLoads<S> loads;
    private final Semaphore logReaders = new Semaphore(LOG_READERS);
    private final Set<UUID> ordersUnderWay = ConcurrentHashMap.newKeySet();
    private @Nullable ShardRuntime<S, C, F> runtime;
    private final Map<Integer, List<Wire.ReplyValue>> answers = new HashMap<>();

    ShardEffects(
            ShardServiceSpec<S, C, F> spec,
            ShardStore<S, F> store,
            OwnerLoop loop,
            InputConsumer input,
            Shell shell,
            LocalCallers localCallers,
            TracedCommands traced) {
        this.traced = traced;
        this.spec = spec;
        this.store = store;
        this.loop = loop;
        this.input = input;
        mailbox = loop.mailbox();
        workers = loop.workers();
        seeks = new InputSeeks(spec.name(), input, mailbox, workers, new InputSeeks.Shards() {
            @Override
            public Set<Integer> owned() {
                return runtime().ownership().owned();
            }

            @Override
            public void sought(int shard, long epoch, SeekResult result) {
                runtime().sought(shard, epoch, result);
            }
        });
        sender = new PromptSender(shell.producer());
        replies = shell.replies();
        this.localCallers = localCallers;
        loads = new EntityLoads<>(spec.name(), store, mailbox, workers, this::runtime);
    }

    void bind(ShardRuntime<S, C, F> owner) {
        runtime = owner;
    }

    private ShardRuntime<S, C, F> runtime() {
        ShardRuntime<S, C, F> bound = runtime;
        if (bound == null) {
            throw new IllegalStateException("Not bound to a runtime");
        }
        return bound;
    }

    // --- input

    @Override
    public void seek(int shard, long epoch, LogPosition position) {
        seeks.seek(shard, epoch, position);
    }

    @Override
    public void pause(int shard, boolean paused) {
        input.pause(shard, paused);
    }

    // --- the store

    @Override
    public void load(int shard, long epoch, String key) {
        loads.load(shard, epoch, key);
    }

    @Override
    public void prepare(int shard, long epoch, Preparation<?, ?> preparation) {
        loads.prepare(shard, epoch, preparation);
    }

    @Override
    public void readLog(int shard, long epoch, long after) {
        workers.execute(() -> {
            logReaders.acquireUninterruptibly();
            try {
                ReplayPage<F> page = store.replay(shard, after, PAGE);
                mailbox.put(() -> runtime().logRead(shard, epoch, page));
            } catch (RuntimeException | StackOverflowError e) {
                LOG.warn("The log of shard {} of {} could not be read: {}", shard, spec.name(), e.toString());
                mailbox.put(() -> runtime().logReadFailed(shard, epoch, now()));
            } finally {
                logReaders.release();
            }
        });
    }

    @Override
    public void readOutbox(int shard, long epoch, @Nullable UUID after, long bytes) {
        workers.execute(() -> {
            try {
                List<StoredOrder> orders = store.outbox(shard, after, bytes);
                mailbox.put(() -> runtime().outboxRead(shard, epoch, orders, now()));
            } catch (RuntimeException e) {
                LOG.warn("The outbox of shard {} of {} could not be read: {}", shard, spec.name(), e.toString());
                mailbox.put(() -> runtime().outboxReadFailed(shard, epoch, now()));
            }
        });
    }

    // --- output

    @Override
    public byte[] encode(F fact) {
        return spec.encodeFact().apply(fact);
    }

    @Override
    public void publish(int shard, long epoch, long incarnation, List<Numbered<byte[]>> facts) {
        long last = facts.getLast().seq();
        List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>(facts.size());
        for (Numbered<byte[]> fact : facts) {
            byte[] value = Wire.fact(incarnation, fact.seq(), fact.fact());
            messages.add(new ProducerRecord<>(spec.output(), shard, null, value));
        }
        List<Span> spans = traced.publishing(shard, facts, messages);
        Publication publication = new Publication(facts.size(), succeeded -> {
            spans.forEach(span -> end(span, succeeded));
            mailbox.putForNextTurn(() -> {
                if (succeeded) {
                    runtime().acknowledged(shard, epoch, last, now());
                } else {
                    runtime().publishFailed(shard, epoch, now());
                }
            });
        });
        publication.send(sender, messages);
    }

    private static void end(Span span, boolean published) {
        if (!published) {
            span.failed("Kafka did not take the record");
        }
        span.end();
    }

    /** Answers a caller in this process at once; an answer for another process is published after the commit. */
    @Override
    public void reply(ReplyTo to, UUID command, byte[] answer) {
        traced.answered(command);
        switch (to) {
            case ReplyTo.Partition(int number) -> {
                if (!replies.answered(command, answer)) {
                    answers.computeIfAbsent(number, none -> new ArrayList<>())
                            .add(new Wire.ReplyValue(command, answer));
                }
            }
            case ReplyTo.LocalCaller(long ticket) -> localCallers.answer(ticket, answer);
            case ReplyTo.Nobody() -> {}
        }
    }

    /** Drops the answers that wait for a commit whose outcome will not be known. */
    void forgetAnswers() {
        answers.clear();
    }

    /** Sends the answers that waited for a commit, one record for each writer. */
    void sendAnswers() {
        answers.forEach((partition, replies) ->
                sender.send(new ProducerRecord<>(Replies.TOPIC, partition, null, Wire.replies(replies)), NOBODY_ASKS));
        answers.clear();
    }

    @Override
    public void turnAway(ReplyTo.LocalCaller localCaller) {
        localCallers.turnAway(localCaller.ticket());
    }

    @Override
    public void send(StoredOrder order) {
        ordersUnderWay.add(order.id());
        byte[] value = Wire.request(new Wire.RequestValue(
                order.id(),
                Request.NEVER,
                replies.partition(),
                null,
                order.order().command()));
        ProducerRecord<byte[], byte[]> message =
                new ProducerRecord<>(order.order().topic(), order.order().partition(), null, value);
        traced.ordering(order.id(), message);
        sender.send(message, NOBODY_ASKS);
    }

    /** Whether an answer belongs to an order of this process. */
    boolean awaits(UUID command) {
        return ordersUnderWay.remove(command);
    }

    /** The command that is being decided; its description is made only when it is needed. */
    private record Decided(int shard, UUID command, Object what, List<String> keys) {
        @Override
        public String toString() {
            return "the command " + command + ", " + what.getClass().getSimpleName() + " of " + keys + ", in shard "
                    + shard;
        }
    }

    @Override
    public void deciding(int shard, UUID command, Object what, List<String> keys) {
        loop.goesOnWith(new Decided(shard, command, what, keys));
        traced.deciding(command);
    }

    @Override
    public void warn(String message) {
        LOG.warn("{}: {}", spec.name(), message);
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    @Override
    public void close() {
        loads.close();
    }
}
