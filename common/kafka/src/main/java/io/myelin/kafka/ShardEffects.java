package io.myelin.kafka;

import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.Effects;
import io.myelin.engine.shard.LogPosition;
import io.myelin.engine.shard.Look;
import io.myelin.engine.shard.Preparation;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.SeekResult;
import io.myelin.engine.shard.ShardRuntime;
import io.myelin.engine.shard.ShardStore;
import io.myelin.engine.shard.ShardStore.StoreUnavailable;
import io.myelin.engine.shard.SqlStates;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.engine.shard.TransactionKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what a {@link ShardRuntime} wants done. Look-ups and commits are left for the loop to do at once; what takes
 * time is done on threads of its own, and its outcome comes back through the mailbox.
 */
final class ShardEffects<S, C, F> implements Effects<F> {

    private static final Logger LOG = LoggerFactory.getLogger(ShardEffects.class);
    private static final int PAGE = 1_000;

    /** How many heavy commands are prepared at once: not so many that nothing else has a processor. */
    private static final int PREPARERS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final long SEEK_RETRY_MILLIS = 300;
    private static final long NEVER = Long.MAX_VALUE;

    /** What is lost is asked for again: by the writer whose answer it was, or as an order that was not answered. */
    private static final Callback NOBODY_ASKS = (_, _) -> {};

    /** Where the input of a shard is to be read from. */
    private record Seek(long epoch, LogPosition position, long number) {}

    /** Entities that are loaded in one go. */
    private record Together(int shard, long epoch, String kind) {}

    private final ShardServiceSpec<S, C, F> spec;
    private final ShardStore<S, F> store;
    private final Mailbox mailbox;
    private final InputConsumer input;
    private final PromptSender sender;
    private final Replies replies;
    private final Doors doors;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService preparers;
    private final Set<UUID> ordersUnderWay = ConcurrentHashMap.newKeySet();
    private @Nullable ShardRuntime<S, C, F> runtime;
    private @Nullable Batch<F> batch;
    private Collection<UUID> soughtCommands = List.of();
    private Collection<TransactionKey> soughtTransactions = List.of();
    private final Map<Integer, List<Wire.ReplyValue>> answers = new HashMap<>();
    private final Map<Integer, Seek> seeks = new HashMap<>();
    private long lastSeek;
    private boolean seeking;
    private final Map<Together, List<String>> loads = new LinkedHashMap<>();
    private final List<Runnable> releases = new ArrayList<>();

    ShardEffects(
            ShardServiceSpec<S, C, F> spec,
            ShardStore<S, F> store,
            Mailbox mailbox,
            InputConsumer input,
            Shell shell,
            Doors doors) {
        this.spec = spec;
        this.store = store;
        this.mailbox = mailbox;
        this.input = input;
        sender = new PromptSender(shell.producer());
        replies = shell.replies();
        this.doors = doors;
        preparers = Executors.newFixedThreadPool(
                PREPARERS,
                Thread.ofPlatform().daemon().name(spec.name() + "-preparer-", 1).factory());
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

    // --- ownership

    @Override
    public void look(int life, Set<Integer> wanted) {
        workers.execute(() -> {
            try {
                Look look = store.look(wanted);
                mailbox.put(() -> runtime().looked(life, look, now()));
            } catch (RuntimeException e) {
                LOG.warn("{}: {}", spec.name(), e.getMessage());
                mailbox.put(() -> runtime().lookFailed(life, now()));
            }
        });
    }

    /** Only after the loop has ceased to tell from memory what is committed there, see {@link #sendReleases}. */
    @Override
    public void release(int shard, long epoch, long published) {
        releases.add(() -> {
            try {
                store.release(shard, epoch, published);
            } catch (RuntimeException e) {
                LOG.warn("Shard {} of {} is not released: {}", shard, spec.name(), e.getMessage());
            }
            mailbox.put(() -> runtime().released(shard, epoch, now()));
        });
    }

    boolean hasReleases() {
        return !releases.isEmpty();
    }

    void sendReleases() {
        releases.forEach(workers::execute);
        releases.clear();
    }

    // --- input

    /** Soon: what is wanted for many shards at once, as after a claim, is asked of the broker in one go. */
    @Override
    public void seek(int shard, long epoch, LogPosition position) {
        seeks.put(shard, new Seek(epoch, position, ++lastSeek));
        if (!seeking) {
            seeking = true;
            mailbox.put(this::seekAll);
        }
    }

    /** Has the broker asked, which may take seconds, on another thread; again and again if need be. */
    private void seekAll() {
        seeks.keySet().retainAll(runtime().owned());
        if (seeks.isEmpty()) {
            seeking = false;
            return;
        }
        Map<Integer, Seek> asked = Map.copyOf(seeks);
        Map<Integer, Long> divergent = input.divergent();
        Map<Integer, LogPosition> positions = new TreeMap<>();
        asked.forEach((shard, seek) -> positions.put(shard, seek.position()));
        workers.execute(() -> {
            try {
                Map<Integer, InputConsumer.Target> targets = input.find(positions, divergent, now());
                mailbox.put(() -> found(asked, targets));
            } catch (RuntimeException e) {
                LOG.warn(
                        "The shards {} of {} cannot be positioned now: {}",
                        positions.keySet(),
                        spec.name(),
                        e.toString());
                CompletableFuture.delayedExecutor(SEEK_RETRY_MILLIS, TimeUnit.MILLISECONDS, workers)
                        .execute(() -> mailbox.put(this::seekAll));
            }
        });
    }

    /** Positions what is still wanted as it was when the broker was asked, and asks again for the rest. */
    private void found(Map<Integer, Seek> asked, Map<Integer, InputConsumer.Target> targets) {
        Map<Integer, InputConsumer.Target> wanted = new TreeMap<>(targets);
        wanted.keySet().retainAll(runtime().owned());
        wanted.keySet().removeIf(shard -> !Objects.equals(asked.get(shard), seeks.get(shard)));
        input.take(wanted).forEach((shard, result) -> {
            Seek seek = Objects.requireNonNull(seeks.remove(shard));
            tellIfElsewhere(shard, seek.position(), result);
            runtime().sought(shard, seek.epoch(), result);
        });
        seekAll();
    }

    private void tellIfElsewhere(int shard, LogPosition position, SeekResult result) {
        if (!(result instanceof SeekResult.Positioned) && !position.topic().equals(LogPosition.NO_TOPIC)) {
            LOG.warn("Shard {} of {} goes on elsewhere: {} instead of {}", shard, spec.name(), result, position);
        }
    }

    @Override
    public void pause(int shard, boolean paused) {
        input.pause(shard, paused);
    }

    // --- the store

    /** Soon: what is wanted at once, as by a command that names many entities, is read in one go where it is of one kind. */
    @Override
    public void load(int shard, long epoch, String key) {
        if (loads.isEmpty()) {
            mailbox.put(this::loadAll);
        }
        loads.computeIfAbsent(new Together(shard, epoch, store.kind(key)), _ -> new ArrayList<>())
                .add(key);
    }

    private void loadAll() {
        loads.forEach((together, keys) -> workers.execute(() -> load(together, keys)));
        loads.clear();
    }

    private void load(Together together, List<String> keys) {
        int shard = together.shard();
        long epoch = together.epoch();
        try {
            Map<String, S> states = store.load(shard, keys);
            mailbox.put(() -> states.forEach((key, state) -> runtime().loaded(shard, epoch, key, state, now())));
        } catch (StoreUnavailable e) {
            LOG.warn("{} could not be loaded: {}", keys, e.toString());
            loadFailed(together, keys, isLasting(e));
        } catch (RuntimeException | StackOverflowError bug) {
            LOG.error("{} cannot be loaded", keys, bug);
            loadFailed(together, keys, true);
        }
    }

    /** One that cannot be loaded for good must not count for those that were asked for with it. */
    private void loadFailed(Together together, List<String> keys, boolean lasting) {
        if (lasting && keys.size() > 1) {
            keys.forEach(key -> load(together, List.of(key)));
        } else {
            mailbox.put(() -> keys.forEach(
                    key -> runtime().loadFailed(together.shard(), together.epoch(), key, lasting, now())));
        }
    }

    private static boolean isLasting(StoreUnavailable failure) {
        return failure.getCause() instanceof SQLException sql
                && sql.getSQLState() != null
                && !SqlStates.passes(sql.getSQLState());
    }

    /** Not by a virtual thread: it computes, and would keep others from running. */
    @Override
    public void prepare(int shard, long epoch, Preparation<?, ?> preparation) {
        preparers.execute(() -> {
            preparation.run();
            mailbox.put(() -> runtime().prepared(shard, epoch, preparation));
        });
    }

    @Override
    public void find(Collection<UUID> commands, Collection<TransactionKey> transactions) {
        soughtCommands = commands;
        soughtTransactions = transactions;
    }

    /** Looks up what the runtime asked for, on the loop's thread. */
    void lookUp(long now) {
        try {
            runtime().found(store.find(soughtCommands, soughtTransactions));
        } catch (StoreUnavailable e) {
            LOG.warn("{}", e.getMessage());
            runtime().findFailed(now);
        }
    }

    @Override
    public void commit(Batch<F> wanted) {
        batch = wanted;
    }

    /** The batch that the runtime wants committed; null if it wants a look-up. */
    @Nullable
    Batch<F> takeBatch() {
        Batch<F> taken = batch;
        batch = null;
        return taken;
    }

    @Override
    public void readLog(int shard, long epoch, long after) {
        workers.execute(() -> {
            try {
                ReplayPage<F> page = store.replay(shard, after, PAGE);
                mailbox.put(() -> runtime().logRead(shard, epoch, page));
            } catch (RuntimeException e) {
                LOG.warn("The log of shard {} of {} could not be read: {}", shard, spec.name(), e.toString());
                mailbox.put(() -> runtime().logReadFailed(shard, epoch, now()));
            }
        });
    }

    @Override
    public void readOutbox(int shard, long epoch) {
        workers.execute(() -> {
            try {
                List<StoredOrder> orders = store.outbox(shard);
                mailbox.put(() -> runtime().outboxRead(shard, epoch, orders, now()));
            } catch (RuntimeException e) {
                LOG.warn("The outbox of shard {} of {} could not be read: {}", shard, spec.name(), e.toString());
                mailbox.put(() -> runtime().outboxReadFailed(shard, epoch, now()));
            }
        });
    }

    // --- output

    @Override
    public void publish(int shard, long epoch, long incarnation, List<Numbered<F>> facts) {
        long last = facts.getLast().seq();
        Publication publication = new Publication(
                facts.size(),
                succeeded -> mailbox.putWithoutHaste(() -> {
                    if (succeeded) {
                        runtime().acknowledged(shard, epoch, last, now());
                    } else {
                        runtime().publishFailed(shard, epoch, now());
                    }
                }));
        List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>(facts.size());
        for (Numbered<F> fact : facts) {
            byte[] value = Wire.fact(incarnation, fact.seq(), spec.encodeFact().apply(fact.fact()));
            messages.add(new ProducerRecord<>(spec.output(), shard, null, value));
        }
        publication.send(sender, messages);
    }

    /** Whoever waits in this process is answered at once; to others the answer travels. */
    @Override
    public void reply(ReplyTo to, UUID command, byte[] answer) {
        switch (to) {
            case ReplyTo.Partition(int number) -> {
                if (!replies.answered(command, answer)) {
                    answers.computeIfAbsent(number, none -> new ArrayList<>())
                            .add(new Wire.ReplyValue(command, answer));
                }
            }
            case ReplyTo.Door(long ticket) -> doors.answer(ticket, answer);
            case ReplyTo.Nobody() -> {}
        }
    }

    /** Sends the answers that a commit has set free, one record for each writer. */
    void sendAnswers() {
        answers.forEach((partition, replies) -> sender.send(
                new ProducerRecord<>(Replies.TOPIC, partition, null, Wire.replies(replies)), NOBODY_ASKS));
        answers.clear();
    }

    @Override
    public void turnAway(ReplyTo.Door door) {
        doors.turnAway(door.ticket());
    }

    @Override
    public void send(StoredOrder order) {
        ordersUnderWay.add(order.id());
        byte[] value = Wire.request(new Wire.RequestValue(
                order.id(), NEVER, replies.partition(), null, order.order().command()));
        sender.send(
                new ProducerRecord<>(order.order().topic(), order.order().partition(), null, value), NOBODY_ASKS);
    }

    /** Whether an answer is one to an order of ours. */
    boolean awaits(UUID command) {
        return ordersUnderWay.remove(command);
    }

    @Override
    public void warn(String message) {
        LOG.warn("{}: {}", spec.name(), message);
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    /** Lets what was begun end. */
    void finish() {
        preparers.shutdownNow();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(3, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
