package io.myelin.kafka;

import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.shard.Batch;
import io.myelin.engine.shard.Effects;
import io.myelin.engine.shard.LogPosition;
import io.myelin.engine.shard.Look;
import io.myelin.engine.shard.Preparation;
import io.myelin.engine.shard.ReplyTo;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.SeekResult;
import io.myelin.engine.shard.ShardRuntime;
import io.myelin.engine.shard.ShardStore;
import io.myelin.engine.shard.StoredOrder;
import io.myelin.engine.shard.TransactionKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
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
    private static final int PAGE = 200;

    /** Pages of the log that are read at once: after the broker was away, those of every shard are wanted. */
    private static final int LOG_READERS = 2;

    /** How many heavy commands are prepared at once: not so many that nothing else has a processor. */
    private static final int PREPARERS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    /** What is lost is asked for again: by the writer whose answer it was, or as an order that was not answered. */
    private static final Callback NOBODY_ASKS = (_, _) -> {};

    /** Entities that are loaded in one go. */
    private record Together(int shard, long epoch, String kind) {}

    private final ShardServiceSpec<S, C, F> spec;
    private final ShardStore<S, F> store;
    private final Mailbox mailbox;
    private final InputConsumer input;
    private final InputSeeks seeks;
    private final PromptSender sender;
    private final Replies replies;
    private final Doors doors;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService preparers;
    private final LoadThreads loaders;
    private final Semaphore logReaders = new Semaphore(LOG_READERS);
    private final Set<UUID> ordersUnderWay = ConcurrentHashMap.newKeySet();
    private @Nullable ShardRuntime<S, C, F> runtime;
    private @Nullable Batch<F> batch;
    private Watchdog.@Nullable Watched watched;
    private Collection<UUID> soughtCommands = List.of();
    private Collection<TransactionKey> soughtTransactions = List.of();
    private final Map<Integer, List<Wire.ReplyValue>> answers = new HashMap<>();
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
        seeks = new InputSeeks(spec.name(), input, mailbox, workers, new InputSeeks.Shards() {
            @Override
            public Set<Integer> owned() {
                return runtime().owned();
            }

            @Override
            public void sought(int shard, long epoch, SeekResult result) {
                runtime().sought(shard, epoch, result);
            }
        });
        sender = new PromptSender(shell.producer());
        replies = shell.replies();
        this.doors = doors;
        loaders = new LoadThreads(spec.name(), workers);
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

    @Override
    public void seek(int shard, long epoch, LogPosition position) {
        seeks.seek(shard, epoch, position);
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
        loads.forEach((together, keys) -> loaders.execute(store.computes(together.kind()), () -> load(together, keys)));
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
            loadFailed(together, keys, e.isLasting());
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
            mailbox.put(() ->
                    keys.forEach(key -> runtime().loadFailed(together.shard(), together.epoch(), key, lasting, now())));
        }
    }

    /** Not by a virtual thread: it computes, and would keep others from running. */
    @Override
    public void prepare(int shard, long epoch, Preparation<?, ?> preparation) {
        preparers.execute(() -> {
            try (Watchdog.Watched watched = Watchdog.ofThisProcess().watch("A preparer of " + spec.name(), null)) {
                watched.begin(preparation);
                preparation.run();
            }
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

    /** What was wanted is not wanted any more. */
    void forget() {
        batch = null;
        answers.clear();
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
    public byte[] encode(F fact) {
        return spec.encodeFact().apply(fact);
    }

    @Override
    public void publish(int shard, long epoch, long incarnation, List<Numbered<byte[]>> facts) {
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
        for (Numbered<byte[]> fact : facts) {
            byte[] value = Wire.fact(incarnation, fact.seq(), fact.fact());
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
        answers.forEach((partition, replies) ->
                sender.send(new ProducerRecord<>(Replies.TOPIC, partition, null, Wire.replies(replies)), NOBODY_ASKS));
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
                order.id(),
                Request.NEVER,
                replies.partition(),
                null,
                order.order().command()));
        sender.send(new ProducerRecord<>(order.order().topic(), order.order().partition(), null, value), NOBODY_ASKS);
    }

    /** Whether an answer is one to an order of ours. */
    boolean awaits(UUID command) {
        return ordersUnderWay.remove(command);
    }

    /** What is being decided; its words are found if somebody asks. */
    private record Decided(int shard, UUID command, Object what, List<String> keys) {
        @Override
        public String toString() {
            return "the command " + command + ", " + what.getClass().getSimpleName() + " of " + keys + ", in shard "
                    + shard;
        }
    }

    @Override
    public void deciding(int shard, UUID command, Object what, List<String> keys) {
        Watchdog.Watched loop = watched;
        if (loop != null) {
            loop.goOnWith(new Decided(shard, command, what, keys));
        }
    }

    /** By whom the loop is watched. */
    void watchedBy(Watchdog.Watched loop) {
        watched = loop;
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
        loaders.close();
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
